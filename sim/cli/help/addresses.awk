# Addresses of statistics that have a standard error, from `retake summary --format csv`, without group=all and
# without those over many coordinates (items, abilities). Fields are cut at '"'.
# SPDX-License-Identifier: Apache-2.0
NR > 1 && $3 ~ /^,[^,]*,[^,]+$/ {
    address = $2
    sub(/group=all,?/, "", address)
    sub(/\[\]$/, "", address)
    name = address
    sub(/\[.*/, "", name)
    names[++n] = name
    addresses[n] = address
    n_of[name]++
}
END {
    for (k = 1; k <= n; k++)
        if (n_of[names[k]] <= 12)
            print addresses[k]
}
