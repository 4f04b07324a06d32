/* Any bytes as a bank: parse and doubts agree on what is refused; every message is one line; what
 * is accepted has sound items. SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/model.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void require_item(const struct irt_bank *bank, size_t i)
{
    const struct irt_item *item = &bank->items[i];
    double p[IRT_MAX_CATEGORIES], sum = 0;
    require(item->a > 0 && item->c >= 0 && item->c < item->d && item->d <= 1);
    require(item->domain < bank->n_domains && item->enemy <= bank->n_enemies);
    require(irt_n_categories(item) >= 2 && irt_n_categories(item) <= IRT_MAX_CATEGORIES);
    irt_probabilities(item, 0.1, p);
    for (size_t x = 0; x < irt_n_categories(item); x++)
        sum += p[x];
    require(fabs(sum - 1) < 1e-9);
}

/* What is left without the rows that have errors has none, and is no longer. */
static void require_drop(const uint8_t *data, size_t n_bytes, struct irt_doubts *doubts)
{
    struct irt_doubts rest;
    struct err err = {0};
    const char *text;
    size_t n_out, n_left;
    if (irt_bank_drop("a.csv", (const char *)data, n_bytes, doubts, &text, &n_out, &n_left, &err) !=
        ERR_OK)
        return;
    require(n_out <= n_bytes && n_left > 0 && n_left <= doubts->n_items);
    irt_bank_doubts("a.csv", text, n_out, &rest, &err);
    require(err.code == ERR_OK && rest.n_errors == 0 && rest.n_items == n_left);
    irt_doubts_free(&rest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct irt_bank bank;
    struct irt_doubts doubts;
    struct err err = {0}, doubt_err = {0};
    irt_bank_parse("a.csv", (const char *)data, n_bytes, &bank, &err);
    irt_bank_doubts("a.csv", (const char *)data, n_bytes, &doubts, &doubt_err);
    require(err.code == ERR_OK || err.code == ERR_INPUT);
    require((err.code != ERR_OK) == (doubt_err.code != ERR_OK || doubts.n_errors > 0));
    require(!strpbrk(err.detail, "\n"));
    for (size_t i = 0; i < doubts.n; i++)
        require(!strpbrk(doubts.list[i].text, "\n"));
    if (doubt_err.code == ERR_OK)
        require_drop(data, n_bytes, &doubts);
    if (err.code == ERR_OK)
        for (size_t i = 0; i < bank.n_items; i++)
            require_item(&bank, i);
    irt_doubts_free(&doubts);
    irt_bank_free(&bank);
    return 0;
}
