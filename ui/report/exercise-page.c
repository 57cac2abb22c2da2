#include "ui/report/exercise-page.h"

#include "ui/report/html-text.h"
#include "ui/report/text-layout.h"

static const char style[] =
    "body{max-width:46rem;margin:1rem auto;padding:0 1rem;color:#111;background:#fff;"
    "font:1rem/1.5 system-ui,sans-serif}"
    "h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #bbb}"
    "pre{background:#f4f4f1;border:1px solid #ddd;padding:.6rem;overflow-x:auto;"
    "font:.85rem/1.4 ui-monospace,monospace;white-space:pre}"
    "pre.key{background:#eef6ee}pre.wrong{background:#fbefec}"
    ".part{margin:1rem 0}.blank{border-bottom:1px solid #888;min-height:1.8rem;margin:.4rem 0}"
    ".lines{min-height:7rem}.quiet{color:#666;font-size:.85rem}"
    "ol.steps{padding-left:1.4rem;font-size:.9rem}"
    "table{border-collapse:collapse}td,th{padding:.2rem .6rem .2rem 0;text-align:left;"
    "vertical-align:top}.right{color:#176117}.not{color:#a1260d}"
    "@media print{body{max-width:none;margin:0;font-size:11pt}h2,.part{break-inside:avoid}"
    "pre{overflow:visible;white-space:pre-wrap;background:none}a{color:inherit}}";

void exercise_page_begin(GString *page, const char *title)
{
    g_string_append(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>"
    );
    html_text(page, title);
    g_string_append_printf(page, "</title><style>%s</style></head><body>\n", style);
    html_element(page, "h1", NULL, title);
    g_string_append_c(page, '\n');
}

void exercise_page_end(GString *page)
{
    g_string_append(page, "</body></html>\n");
}

void exercise_page_code(GString *page, const char *class, const char *text)
{
    g_autofree char *safe = text_safe(text);
    html_element(page, "pre", class, safe);
    g_string_append_c(page, '\n');
}
