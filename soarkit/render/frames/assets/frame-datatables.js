"use strict";

/* A table that DataTables cannot take (rows with a cell too few, say) stays as it is, and so does the rest of its view. */
(($) => {
  $.fn.dataTable.ext.errMode = "none";
  for (const name of ["dataTable", "DataTable"]) {
    const original = $.fn[name];
    $.fn[name] = Object.assign(function (...given) {
      try {
        return original.apply(this, given);
      } catch (error) {
        console.info("A table stays as it is:", String(error));
        return this;
      }
    }, original);
  }
})(window.jQuery);
