/** Replaced by the bundler with a literal, so that demo code is not even part of the product's file. */
declare const __LOKET_BUILD__: 'demo' | 'product';
