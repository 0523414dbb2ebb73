// Who lies under the pointer: name, class, SOG and COG beside it. The same stands in the list, for those without a pointer.

import { bearing, number, plain } from '../format.js';
import { language, word } from '../i18n.js';
import { nameOf } from '../order.js';

/** Beside the symbol, pixels. */
const OFF_PX = 14;

export class Tip {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.box = document.createElement('div');
    this.box.className = 'chart-tip';
    this.box.setAttribute('aria-hidden', 'true');
    this.box.hidden = true;
    this.name = document.createElement('bdi');
    this.facts = document.createElement('span');
    this.box.append(this.name, this.facts);
    host.append(this.box);
    this.host = host;
  }

  /** @param {import('./targets.js').Target | null} target */
  show(target) {
    this.box.hidden = target === null;
    if (target === null) return;
    const { vessel, x, y } = target;
    this.name.textContent = plain(nameOf(vessel, language()));
    this.facts.textContent = [word('class', vessel.class), number(vessel.sog_kn, 1, 'kn'), bearing(vessel.cog_deg)].join('  ');
    const right = x + OFF_PX + this.box.offsetWidth < this.host.clientWidth;
    const below = y + OFF_PX + this.box.offsetHeight < this.host.clientHeight;
    this.box.style.left = `${right ? x + OFF_PX : x - OFF_PX - this.box.offsetWidth}px`;
    this.box.style.top = `${below ? y + OFF_PX : y - OFF_PX - this.box.offsetHeight}px`;
  }
}
