/* A bank as plain CSV: the columns of docs/model.md, those of thresholds as far as needed.
 * SPDX-License-Identifier: Apache-2.0 */
#include <retake/report/bank_csv.h>

#include <retake/base/stream.h>
#include <retake/base/wording.h>
#include <retake/config/csv.h>
#include <retake/config/params.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_real(double value, FILE *out)
{
    char text[40];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    fprintf(out, ",%s", text);
}

static void print_float(float value, FILE *out)
{
    char text[40];
    for (int digits = 3; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value)
            break;
    }
    fprintf(out, ",%s", text);
}

static const char *model_name(const struct irt_item *item)
{
    if (item->model != IRT_LOGISTIC)
        return item->model == IRT_GRM ? "grm" : item->a == 1 ? "pcm" : "gpcm";
    if (item->d < 1)
        return "4PL";
    return item->c > 0 ? "3PL" : item->a == 1 ? "rasch" : "2PL";
}

static void print_item(const struct irt_bank *bank, size_t i, size_t n_steps, FILE *out)
{
    const struct irt_item *item = &bank->items[i];
    config_csv_print(bank->ids[i], out);
    fprintf(out, ",%s", model_name(item));
    print_real(item->a, out);
    if (item->model == IRT_LOGISTIC) {
        print_real(item->b, out);
        print_real(item->c, out);
        print_real(item->d, out);
    } else
        fputs(",,,", out);
    for (size_t k = 0; k < n_steps; k++)
        if (k + 1 < irt_n_categories(item) && item->steps)
            print_real(item->steps[k], out);
        else
            fputc(',', out);
    fputc(',', out);
    config_csv_print(bank->domains[item->domain], out);
    fputc(',', out);
    config_csv_print(bank->enemies[i], out);
    fprintf(out, ",%d", item->is_pilot);
    print_real(item->time_intensity, out);
    print_real(1 / item->time_sd, out);
    for (size_t k = 0; k < IRT_N_DEMANDS; k++)
        print_float(item->demand[k], out);
    for (size_t k = 0; k < bank->n_attributes; k++) {
        fputc(',', out);
        config_csv_print(bank->values[i * bank->n_attributes + k], out);
    }
    fputc('\n', out);
}

/* Their names, to the end of the header. */
static void print_attributes(const struct irt_bank *bank, FILE *out)
{
    char name[sizeof IRT_ATTRIBUTE_PREFIX + CONFIG_NAME_BYTES];
    for (size_t k = 0; k < bank->n_attributes; k++) {
        snprintf(name, sizeof name, "%s%s", IRT_ATTRIBUTE_PREFIX, bank->attributes[k]);
        fputc(',', out);
        config_csv_print(name, out);
    }
    fputc('\n', out);
}

enum err_code report_bank_csv(const struct irt_bank *bank, char **out, size_t *n_bytes,
                              struct err *err)
{
    size_t n_steps = 0;
    FILE *stream = stream_to_memory(out, n_bytes);
    if (!stream)
        return err_set(err, ERR_MEMORY, "no memory for a bank of %s",
                       wording_count(bank->n_items, "item").text);
    for (size_t i = 0; i < bank->n_items; i++)
        if (bank->items[i].steps && bank->items[i].n_categories > n_steps + 1)
            n_steps = bank->items[i].n_categories - 1u;
    fputs("id,model,a,b,c,d", stream);
    for (size_t k = 1; k <= n_steps; k++)
        fprintf(stream, ",b%zu", k);
    fputs(",domain,enemy,pilot,time_intensity,time_discrimination,demand_sequence,demand_scope,"
          "demand_reading",
          stream);
    print_attributes(bank, stream);
    for (size_t i = 0; i < bank->n_items; i++)
        print_item(bank, i, n_steps, stream);
    if (fclose(stream) != 0)
        return err_set(err, ERR_MEMORY, "no memory for a bank of %s",
                       wording_count(bank->n_items, "item").text);
    return ERR_OK;
}
