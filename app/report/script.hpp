// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the report's script adds to a page that is complete without it: a cursor through all charts
// at once, the values under it in the legends, and the local time in the bar. Pointer, touch, and
// the arrow keys (one column, with shift ten) move it; Escape removes it. No library, no network.
//
// Data: {"left", "right", "width": geometry of the view box, "labels": local time per column,
// "charts": {id: [[value per column] per legend entry]}}.

namespace ampacity::report {

inline constexpr const char* script = R"js(
(function () {
  'use strict';
  var data = JSON.parse(document.getElementById('data').textContent);
  var plots = Array.prototype.slice.call(document.querySelectorAll('svg.plot'));
  var clock = document.getElementById('clock');
  var count = data.labels.length;
  var readouts = [];
  Object.keys(data.charts).forEach(function (id) {
    var cells = document.querySelectorAll('#' + id + ' .legend b');
    Array.prototype.forEach.call(cells, function (cell, row) {
      readouts.push({ cell: cell, rest: cell.textContent, values: data.charts[id][row],
                      decimals: +cell.dataset.decimals, unit: cell.dataset.unit });
    });
  });
  var column = -1;
  var waiting = false;

  function show() {
    waiting = false;
    var on = column >= 0;
    var x = data.left + (data.right - data.left) * (column + 0.5) / count;
    plots.forEach(function (plot) {
      var line = plot.querySelector('.cursor');
      plot.classList.toggle('on', on);
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    });
    document.body.classList.toggle('reading', on);
    clock.textContent = on ? data.labels[column] : '';
    readouts.forEach(function (r) {
      var value = on ? r.values[column] : null;
      r.cell.textContent = !on ? r.rest
        : value === null ? '\u2013'
        : value.toFixed(r.decimals).replace('-', '\u2212') + ' ' + r.unit;
    });
  }
  function go(next) {
    column = next;
    if (!waiting) { waiting = true; requestAnimationFrame(show); }
  }
  function point(event) {
    var box = event.currentTarget.getBoundingClientRect();
    var x = (event.clientX - box.left) / box.width * data.width;
    var place = (x - data.left) / (data.right - data.left);
    go(place < 0 || place > 1 ? -1 : Math.min(count - 1, Math.floor(place * count)));
  }
  plots.forEach(function (plot) {
    plot.addEventListener('pointermove', point);
    plot.addEventListener('pointerdown', point);
    plot.addEventListener('pointerleave', function (event) {
      if (event.pointerType === 'mouse') go(-1);
    });
  });
  document.addEventListener('keydown', function (event) {
    var step = event.shiftKey ? 10 : 1;
    if (event.key === 'ArrowRight') go(Math.min(count - 1, column + step));
    else if (event.key === 'ArrowLeft') go(Math.max(0, (column < 0 ? count : column) - step));
    else if (event.key === 'Escape') go(-1);
    else return;
    event.preventDefault();
  });
})();
)js";

}  // namespace ampacity::report
