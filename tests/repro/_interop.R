# One line per variable and coordinate of a netCDF file, as R's ncdf4 sees it: name, dimensions (slowest
# first), units, count of values, count of missing ones, sum or all texts. SPDX-License-Identifier: Apache-2.0
suppressMessages(library(ncdf4))
file <- nc_open(commandArgs(trailingOnly = TRUE)[1])
show <- function(name, dims, units, values) {
    total <- if (is.character(values)) paste(values, collapse = "|")
             else sprintf("%.17g", sum(as.numeric(values), na.rm = TRUE))
    cat(name, paste(rev(dims), collapse = ","), units, length(values), sum(is.na(values)), total, sep = "\t")
    cat("\n")
}
for (var in file$var)
    show(var$name, vapply(var$dim, function(dim) dim$name, ""), var$units, ncvar_get(file, var$name))
for (dim in file$dim)
    if (dim$create_dimvar)
        show(dim$name, dim$name, dim$units, dim$vals)
notes <- ncatt_get(file, 0, "notes")
stopifnot(!notes$hasatt || nchar(notes$value) == 200000)
nc_close(file)
