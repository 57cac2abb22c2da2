#include "ui/report/html-page.h"

#include "protocol/rfc/rfc-index.h"
#include "ui/report/html-ladder.h"
#include "ui/report/html-text.h"
#include "ui/report/questions.h"
#include "ui/report/step-text.h"
#include "ui/report/whole-file.h"

#include <string.h>

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n";

static const char style[] =
    "<style>\n"
    "body{font:16px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}\n"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;border-top:2px solid #1b1b1b;padding-top:.6rem;"
    "margin-top:2.5rem}h3{font-size:1rem;margin-bottom:.3rem}\n"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}\n"
    "td{vertical-align:top;padding:.25rem .5rem;border-top:1px solid #ddd;overflow-wrap:anywhere}\n"
    ".n{width:3rem;text-align:right;color:#666}.t{width:4.5rem;text-align:right;color:#666}"
    ".s{width:1.5rem;font-weight:bold}.r{width:8.5rem;text-align:right;color:#555;"
    "font-size:.85rem}\n"
    ".x{font-family:ui-monospace,monospace;font-size:.88rem;white-space:pre-wrap;"
    "font-weight:600}.server .x{color:#7a2e00}.client .x{color:#003f87}\n"
    ".why{color:#555}.d{font-size:.88rem;margin:.15rem 0 0;padding-left:1rem}\n"
    ".d b{font-weight:600;margin-right:.4rem}.remark{color:#8a0000;margin-top:.2rem}\n"
    "dt{font-weight:600;margin-top:.5rem}dd{margin-left:1.5rem;overflow-wrap:anywhere}"
    ".f{color:#666;font-size:.85rem}\n"
    "svg{width:100%;max-width:56rem;height:auto}svg text{font:13px ui-monospace,monospace}"
    "text.label,text.note,text.host{text-anchor:middle}text.host{font-weight:bold}"
    "text.number{fill:#666;text-anchor:end}text.note{fill:#555;font-style:italic}\n"
    ".lane{stroke:#999;stroke-width:1}.arrow{stroke:#1b1b1b;stroke-width:1.2}"
    ".message{stroke-width:4;stroke:#2a6f3b}.tip{fill:#1b1b1b}\n"
    "@media print{body{margin:0;max-width:none;font-size:11pt}tr,svg g{break-inside:avoid}"
    "h2{break-before:page}h2:first-of-type{break-before:auto}}\n"
    "</style>\n";

static void put_reference(GString *page, RfcReference reference)
{
    if (reference.number != 0) {
        g_autofree char *text = rfc_reference_to_string(reference);
        html_text(page, text);
    }
}

static void put_details(GString *page, const Step *step)
{
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        g_string_append_printf(
            page, "<div class=\"d\" style=\"margin-left:%urem\">", detail->indent
        );
        html_element(page, "b", NULL, detail->label);
        html_text(page, detail->text);
        if (detail->reference.number != 0) {
            g_string_append(page, " <span class=\"f\">");
            put_reference(page, detail->reference);
            g_string_append(page, "</span>");
        }
        g_string_append(page, "</div>");
    }
}

static void put_remarks(GString *page, const Step *step)
{
    for (guint i = 0; i < step->remarks->len; i++) {
        const StepRemark *remark = &g_array_index(step->remarks, StepRemark, i);
        g_string_append(page, "<div class=\"remark\">! ");
        html_text(page, remark->text);
        g_string_append_c(page, ' ');
        html_text(page, remark->instead);
        g_string_append_c(page, ' ');
        put_reference(page, remark->reference);
        g_string_append(page, "</div>");
    }
}

static void put_row(GString *page, const Step *step, gint64 begin_ns)
{
    gint64 since_ms = MAX(step->time_ns - begin_ns, 0) / 1000000;
    bool is_line = step->kind == STEP_COMMAND || step->kind == STEP_REPLY ||
                   step->kind == STEP_CONTINUATION || step->kind == STEP_MESSAGE ||
                   step->kind == STEP_CONTENT;
    const char *side = !is_line ? "" : step->is_from_server ? "S" : "C";
    g_string_append_printf(
        page,
        "<tr class=\"%s\" id=\"step-%" G_GUINT64_FORMAT "\"><td class=\"n\">%" G_GUINT64_FORMAT
        "</td><td class=\"t\">%" G_GINT64_FORMAT ".%03d</td><td class=\"s\">%s</td>",
        !is_line               ? "event"
        : step->is_from_server ? "server"
                               : "client",
        step->number,
        step->number,
        since_ms / 1000,
        (int)(since_ms % 1000),
        side
    );
    html_element(page, "td", "x", step->text);
    g_string_append(page, "<td>");
    html_text(page, g_strcmp0(step->text, step->meaning) == 0 ? NULL : step->meaning);
    if (step->why != NULL) {
        g_string_append_c(page, ' ');
        html_element(page, "span", "why", step->why);
    }
    put_details(page, step);
    put_remarks(page, step);
    g_string_append(page, "</td><td class=\"r\">");
    if (step->references->len > 0) {
        put_reference(page, g_array_index(step->references, RfcReference, 0));
    }
    g_string_append(page, "</td></tr>\n");
}

static void put_rows(
    GString *page,
    const Timeline *timeline,
    bool has_stream,
    guint64 stream,
    StepLevel level,
    guint *room
)
{
    gint64 begin_ns = 0;
    g_string_append(page, "<table>\n");
    for (guint i = 0; i < timeline_count(timeline) && *room > 0; i++) {
        const Step *step = timeline_step(timeline, i);
        if (step->has_stream != has_stream || (has_stream && step->stream != stream) ||
            step->level > level || step->kind == STEP_FRAME) {
            continue;
        }
        begin_ns = begin_ns == 0 ? step->time_ns : begin_ns;
        put_row(page, step, begin_ns);
        (*room)--;
    }
    g_string_append(page, "</table>\n");
}

static void put_questions(GString *page, const Timeline *timeline, guint64 stream)
{
    g_autoptr(GPtrArray) answers = questions_of_stream(timeline, stream);
    html_element(page, "h3", NULL, "Questions and answers");
    g_string_append(page, "<dl>\n");
    for (guint i = 0; i < answers->len; i++) {
        const QuestionAnswer *answer = answers->pdata[i];
        html_element(page, "dt", NULL, answer->question);
        g_string_append(page, "<dd>");
        html_text(page, answer->answer);
        for (guint j = 0; j < MIN(answer->frames->len, 8); j++) {
            g_string_append_printf(
                page,
                "%s%" G_GUINT64_FORMAT "%s",
                j == 0 ? " <span class=\"f\">frame " : ", ",
                g_array_index(answer->frames, guint64, j),
                j + 1 < answer->frames->len && j == 7 ? " ..." : ""
            );
        }
        g_string_append(page, answer->frames->len > 0 ? "</span></dd>\n" : "</dd>\n");
    }
    g_string_append(page, "</dl>\n");
}

static const Step *find_closed(const Timeline *timeline, guint64 stream)
{
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (step->kind == STEP_CLOSED && step->has_stream && step->stream == stream) {
            return step;
        }
    }
    return NULL;
}

static void put_stream(
    GString *page,
    const Timeline *timeline,
    guint64 stream,
    const HtmlPageOptions *options,
    guint *room
)
{
    const Step *closed = find_closed(timeline, stream);
    g_autofree char *heading =
        closed == NULL ? g_strdup_printf("Stream %" G_GUINT64_FORMAT, stream)
                       : g_strdup_printf(
                             "Stream %" G_GUINT64_FORMAT ": %s, %s port %u to %s port %u, %s",
                             stream,
                             closed->protocol,
                             closed->from,
                             closed->from_port,
                             closed->to,
                             closed->to_port,
                             closed->text
                         );
    html_element(page, "h2", NULL, heading);
    if (closed != NULL) {
        g_autofree char *when = step_text_time(closed->time_ns - closed->duration_ns);
        html_element(page, "p", "f", when);
    }
    html_ladder(page, timeline, stream, options->level);
    html_element(page, "h3", NULL, "Transcript");
    put_rows(page, timeline, true, stream, options->level, room);
    put_questions(page, timeline, stream);
}

static bool has_others(const Timeline *timeline)
{
    for (guint i = 0; i < timeline_count(timeline); i++) {
        if (!timeline_step(timeline, i)->has_stream) {
            return true;
        }
    }
    return false;
}

char *html_page(const Timeline *timeline, const HtmlPageOptions *options)
{
    GString *page = g_string_new(head);
    g_autoptr(GArray) streams = questions_streams(timeline);
    guint room = HTML_STEPS_MAXIMUM;
    html_element(page, "title", NULL, options->title);
    g_string_append(page, style);
    g_string_append(page, "</head><body>\n");
    html_element(page, "h1", NULL, options->title);
    if (has_others(timeline)) {
        html_element(page, "h2", NULL, "Outside any connection: DNS and others");
        put_rows(page, timeline, false, 0, options->level, &room);
    }
    for (guint i = 0; i < streams->len && room > 0; i++) {
        put_stream(page, timeline, g_array_index(streams, guint64, i), options, &room);
    }
    if (streams->len == 0) {
        html_element(page, "p", NULL, "No mail conversation can be read in this capture.");
    }
    if (room == 0) {
        html_element(page, "p", "remark", "The capture holds more; choose with --stream.");
    }
    g_string_append(page, "</body></html>\n");
    return g_string_free(page, FALSE);
}

bool html_page_write(
    const Timeline *timeline,
    const HtmlPageOptions *options,
    const char *path,
    bool force,
    GError **error
)
{
    if (!force && g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(
            error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s exists; --force replaces it", path
        );
        return false;
    }
    g_autofree char *page = html_page(timeline, options);
    return whole_file_write(path, page, strlen(page), error);
}
