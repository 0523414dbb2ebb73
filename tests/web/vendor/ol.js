export { default as Layer } from 'ol/layer/Layer.js';
export { default as Map } from 'ol/Map.js';
export { default as View } from 'ol/View.js';
export { defaults as defaultInteractions } from 'ol/interaction/defaults.js';
export { fromLonLat, toLonLat } from 'ol/proj.js';
