/* Response functions of one item; the formulas are in model.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/irt/model.h>

static struct irt_curve8 curve(const struct irt_item *item, double theta)
{
    return irt_curve8(vec_all(item->a), vec_all(item->b), vec_all(item->c), vec_all(item->d),
                      vec_all(theta));
}

double irt_p(const struct irt_item *item, double theta)
{
    return curve(item, theta).p[0];
}

double irt_information(const struct irt_item *item, double theta)
{
    return curve(item, theta).information[0];
}

double irt_bank_information(const struct irt_bank *bank, double theta)
{
    double total = 0;
    for (size_t i = 0; i < bank->n_items; i++)
        if (!bank->items[i].is_pilot)
            total += irt_information(&bank->items[i], theta);
    return total;
}
