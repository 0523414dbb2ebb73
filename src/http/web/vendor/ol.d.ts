export { default as DragPan } from 'ol/interaction/DragPan.js';
export { default as Layer } from 'ol/layer/Layer.js';
export { default as Map } from 'ol/Map.js';
export { default as MouseWheelZoom } from 'ol/interaction/MouseWheelZoom.js';
export { default as PinchZoom } from 'ol/interaction/PinchZoom.js';
export { default as View } from 'ol/View.js';
