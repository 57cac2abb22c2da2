#include "dissect/finding/remark-rows.h"

const RemarkRow *remark_row(RemarkId id)
{
    const struct {
        const RemarkRow *rows;
        gsize count;
    } tables[] = {
        {remark_smtp_rows, remark_smtp_row_count},
        {remark_session_rows, remark_session_row_count},
        {remark_content_rows, remark_content_row_count},
        {remark_access_rows, remark_access_row_count},
    };

    gsize index = id;
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        if (index < tables[i].count) {
            return &tables[i].rows[index];
        }
        index -= tables[i].count;
    }
    g_assert_not_reached();
}
