// Stands in for isolated-vm: without-scripts.mjs says why.
module.exports = {};
