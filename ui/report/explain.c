#include "ui/report/explain.h"

#include "ui/report/explain-base64.h"

const ExplainKind explain_kinds[] = {
    {
        .name = "base64",
        .arguments = "TEXT",
        .summary = "octets, bits, sextets, letters and padding; --decode goes back",
        .most_words = G_MAXSIZE,
        .explain = explain_base64,
    },
};

const gsize n_explain_kinds = G_N_ELEMENTS(explain_kinds);

const ExplainKind *explain_kind_find(const char *name)
{
    for (gsize i = 0; i < n_explain_kinds; i++) {
        if (strcmp(explain_kinds[i].name, name) == 0) {
            return &explain_kinds[i];
        }
    }
    return NULL;
}
