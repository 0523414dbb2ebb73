// What is being changed of the rules or of the zones, over what stands. Pure.

/** @typedef {Record<string, any>} Item a rule, or a GeoJSON feature */
/** One thing that differs: its key, and its value before and after; undefined where there is none. @typedef {{key: string, before: any, after: any}} Difference */
/** @typedef {'same' | 'added' | 'changed' | 'removed'} Standing */

/** Keys whose members are told one by one. */
const OPENED = ['vessels', 'message', 'properties', 'name'];

export class Draft {
  /** @param {(item: Item) => string} idOf */
  constructor(idOf) {
    this.idOf = idOf;
    /** What stands, by id. @type {Map<string, Item>} */
    this.base = new Map();
    /** What is to become of an id; null: it goes. @type {Map<string, Item | null>} */
    this.changes = new Map();
    /** Ids that somebody else changed meanwhile. @type {Set<string>} */
    this.clashes = new Set();
    /** ETag of what stands. */
    this.tag = '';
    /** Counts what was done to the changes, so that what was found out about them is known to be of now. */
    this.edits = 0;
  }

  /** Takes what stands now; the changes stay over it. @param {Item[]} items @param {string} tag */
  stand(items, tag) {
    const base = new Map(items.map((item) => [this.idOf(item), item]));
    for (const [id, item] of this.changes) {
      if (this.tag && !same(this.base.get(id), base.get(id))) this.clashes.add(id);
      if (same(base.get(id), item ?? undefined)) this.undo(id);
    }
    this.base = base;
    this.tag = tag;
  }

  /** @param {string} id @returns {Item | undefined} as it is to be; what goes is shown as it stands */
  get(id) {
    return this.changes.get(id) ?? this.base.get(id);
  }

  /** @param {Item} item puts it in its place */
  put(item) {
    const id = this.idOf(item);
    this.edits += 1;
    if (same(this.base.get(id), item)) this.undo(id);
    else this.changes.set(id, item);
  }

  /** @param {string} id it is to go */
  remove(id) {
    this.edits += 1;
    if (this.base.has(id)) this.changes.set(id, null);
    else this.undo(id);
  }

  /** @param {string} id as it stood */
  undo(id) {
    this.edits += 1;
    this.changes.delete(id);
    this.clashes.delete(id);
  }

  clear() {
    this.edits += 1;
    this.changes.clear();
    this.clashes.clear();
  }

  /** @param {string} id @returns {Standing} */
  standing(id) {
    if (!this.changes.has(id)) return 'same';
    if (this.changes.get(id) === null) return 'removed';
    return this.base.has(id) ? 'changed' : 'added';
  }

  /** @returns {string[]} of all, those that go too, in order */
  ids() {
    return [...new Set([...this.base.keys(), ...this.changes.keys()])].sort();
  }

  /** @returns {Item[]} all as they are to be, in the order of their ids */
  items() {
    return this.ids().flatMap((id) => (this.changes.get(id) === null ? [] : [/** @type {Item} */ (this.get(id))]));
  }

  /** @returns {[string, Standing, Difference[]][]} what is changed, id by id */
  differences() {
    return [...this.changes.keys()].sort().map((id) => [id, this.standing(id), this.standing(id) === 'changed' ? differences(this.base.get(id), this.get(id)) : []]);
  }
}

/** @param {Item | undefined} before @param {Item | undefined} after @returns {Difference[]} */
export function differences(before, after) {
  const [one, other] = [flat(before), flat(after)];
  const keys = [...new Set([...one.keys(), ...other.keys()])].sort();
  return keys.filter((key) => !same(one.get(key), other.get(key))).map((key) => ({ key, before: one.get(key), after: other.get(key) }));
}

/** @param {Item | undefined} item @param {string} [head] @returns {Map<string, any>} its values by key, as in `vessels.classes` */
function flat(item, head = '') {
  const own = Object.entries(item ?? {}).flatMap(([key, value]) => {
    if (value === null || value === undefined) return [];
    return OPENED.includes(key) && typeof value === 'object' ? [...flat(value, `${head}${key}.`)] : [/** @type {[string, any]} */ ([head + key, value])];
  });
  return new Map(own);
}

/** @param {any} a @param {any} b @returns {boolean} they say the same, whatever the order of their keys */
export function same(a, b) {
  return canonical(a) === canonical(b);
}

/** @param {any} value @returns {string | undefined} */
function canonical(value) {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
