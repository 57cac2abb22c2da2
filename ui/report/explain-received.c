#include "protocol/message/message-vocabulary.h"
#include "protocol/message/received-field.h"
#include "ui/report/explain-defects.h"
#include "ui/report/explain-message.h"
#include "ui/report/explain-view.h"

static const RfcReference trace_rule = {5321, "4.4"};

/* "1 min 5 s"; "-3 s" where the clocks disagree. */
static char *duration(gint64 seconds)
{
    guint64 left = (guint64)(seconds < 0 ? -seconds : seconds);
    const char *sign = seconds < 0 ? "-" : "";
    if (left < 60) {
        return g_strdup_printf("%s%" G_GUINT64_FORMAT " s", sign, left);
    }
    if (left < 3600) {
        return g_strdup_printf(
            "%s%" G_GUINT64_FORMAT " min %" G_GUINT64_FORMAT " s", sign, left / 60, left % 60
        );
    }
    if (left < 86400) {
        return g_strdup_printf(
            "%s%" G_GUINT64_FORMAT " h %" G_GUINT64_FORMAT " min", sign, left / 3600, left / 60 % 60
        );
    }
    return g_strdup_printf(
        "%s%" G_GUINT64_FORMAT " d %" G_GUINT64_FORMAT " h", sign, left / 86400, left / 3600 % 24
    );
}

static void append_clause(GString *text, const char *before, ByteSpan clause, const char *behind)
{
    if (clause.length > 0) {
        g_autofree char *shown = byte_span_to_display(clause);
        g_string_append_printf(text, "%s%s%s", before, shown, behind);
    }
}

/* What the server saw of the client, and what the client said of itself. */
static void show_client(const ReceivedField *received, ExplainOutput *output)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GString) said = g_string_new(NULL);
    append_clause(seen, "", received->from_host, " ");
    append_clause(seen, "[", received->from_address, "]");
    append_clause(said, "called itself ", received->from_name, "");
    if (seen->len > 0) {
        explain_row(output, "from", TEXT_PROTOCOL, seen->str, &trace_rule);
        explain_row(output, "", TEXT_PLAIN, "as the server saw the connection", NULL);
    }
    if (said->len > 0) {
        explain_row(output, seen->len > 0 ? "" : "from", TEXT_PLAIN, said->str, NULL);
    }
    if (seen->len == 0 && said->len == 0) {
        explain_row(output, "from", TEXT_QUIET, "(not said)", NULL);
    }
}

static void
show_clause(ExplainOutput *output, const char *label, ByteSpan clause, const VocabularyItem *item)
{
    if (clause.length == 0) {
        return;
    }
    g_autofree char *shown = byte_span_to_display(clause);
    explain_row(output, label, TEXT_PROTOCOL, shown, item == NULL ? NULL : &item->reference);
    if (item != NULL) {
        explain_row(output, "", TEXT_PLAIN, item->meaning, NULL);
    }
}

static void show_time(const ReceivedHop *hop, ExplainOutput *output)
{
    if (!hop->received.has_date) {
        explain_row(output, "at", TEXT_QUIET, "(no date can be read)", NULL);
        return;
    }
    g_autofree char *utc = message_date_to_string(hop->received.date.seconds, 0);
    g_autofree char *written = byte_span_to_display(byte_span_trim(hop->received.date_text));
    explain_row(output, "at", TEXT_PROTOCOL, written, NULL);
    if (hop->received.date.zone_minutes != 0) {
        explain_row_printf(output, "", TEXT_PLAIN, "that is %s", utc);
    }
    if (hop->has_delay) {
        g_autofree char *delay = duration(hop->delay_seconds);
        explain_row_printf(output, "", TEXT_PLAIN, "%s after the hop before", delay);
    }
}

static void show_trust(const ReceivedHop *hop, ExplainOutput *output)
{
    if (hop->could_be_forged) {
        explain_row(
            output,
            "trust",
            TEXT_WARNING,
            "could be forged: a host that nobody vouches for handed this line over as it stands",
            NULL
        );
    } else {
        explain_row(
            output, "trust", TEXT_GOOD, "written by a trusted host, about what it saw itself", NULL
        );
    }
}

static void show_hop(const ReceivedHop *hop, ExplainOutput *output)
{
    const ReceivedField *received = &hop->received;
    g_autofree char *heading = g_strdup_printf("Hop %u", hop->number);
    explain_sentence(output, TEXT_HEADING, heading);
    show_client(received, output);
    show_clause(output, "by", received->by_name, NULL);
    show_clause(output, "via", received->via, NULL);
    show_clause(output, "with", received->with, message_with_find(received->with));
    show_clause(output, "id", received->id, NULL);
    show_clause(output, "for", received->for_path, NULL);
    show_time(hop, output);
    show_trust(hop, output);
    explain_show_defects(output, hop->defects);
    explain_blank(output);
}

static void
show_chain(const ReceivedChain *chain, const ExplainRequest *request, ExplainOutput *output)
{
    explain_heading(output, "Received: every server puts a line on top; read from the bottom up");
    explain_blank(output);
    for (guint i = 0; i < chain->n_hops; i++) {
        show_hop(&chain->hops[i], output);
    }
    explain_row_printf(
        output, "hops", TEXT_PLAIN, "%u; the lowest line of the header is the first", chain->n_hops
    );
    if (chain->has_total) {
        g_autofree char *total = duration(chain->total_seconds);
        explain_row(output, "time", TEXT_PLAIN, total, NULL);
    }
    if (chain->has_return_path) {
        g_autofree char *path = byte_span_to_display(chain->return_path);
        explain_row_printf(output, "return", TEXT_PROTOCOL, "<%s>", path);
        explain_row(
            output, "", TEXT_PLAIN, "the envelope's sender, written at the delivery", &trace_rule
        );
    }
    explain_row(
        output,
        "believe",
        TEXT_PLAIN,
        request->n_trusted_hosts > 0
            ? "Lines are believed from the top down, for as long as their \"by\" is one of the "
              "hosts named with --trust."
            : "Only the top line, which the reader's own server wrote, is believed. --trust HOST "
              "names more.",
        &trace_rule
    );
}

static void json_hop(const ReceivedHop *hop, ExplainOutput *output)
{
    JsonLine *json = output->json;
    const ReceivedField *received = &hop->received;
    explain_json_step(output);
    json_line_number(json, "hop", hop->number);
    json_line_span(json, "from_name", received->from_name);
    json_line_span(json, "from_host", received->from_host);
    json_line_span(json, "from_address", received->from_address);
    json_line_span(json, "by", received->by_name);
    json_line_span(json, "via", received->via);
    json_line_span(json, "with", received->with);
    json_line_span(json, "id", received->id);
    json_line_span(json, "for", received->for_path);
    if (received->has_date) {
        json_line_signed(json, "seconds", received->date.seconds);
        json_line_signed(json, "zone_minutes", received->date.zone_minutes);
    }
    if (hop->has_delay) {
        json_line_signed(json, "delay_seconds", hop->delay_seconds);
    }
    json_line_boolean(json, "trusted", hop->is_trusted);
    json_line_boolean(json, "could_be_forged", hop->could_be_forged);
    explain_json_defects(output, hop->defects);
    explain_json_rfc(output, &trace_rule, 1);
    explain_json_end(output);
}

static void json_chain(const ReceivedChain *chain, ExplainOutput *output)
{
    for (guint i = 0; i < chain->n_hops; i++) {
        json_hop(&chain->hops[i], output);
    }
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", chain->n_hops > 0);
    json_line_number(output->json, "hops", chain->n_hops);
    if (chain->has_total) {
        json_line_signed(output->json, "total_seconds", chain->total_seconds);
    }
    explain_json_defects(output, chain->defects);
    explain_json_rfc(output, &trace_rule, 1);
    explain_json_end(output);
}

bool explain_received(const ExplainRequest *request, ExplainOutput *output)
{
    ByteBuffer text;
    HeaderBlock block;
    const ReceivedTrust trust = {
        .hosts = request->trusted_hosts,
        .n_hosts = request->n_trusted_hosts,
    };
    explain_to_crlf(request->octets, &text);
    header_block_init(&block);
    header_block_parse(&block, byte_buffer_span(&text), 0);
    g_autoptr(ReceivedChain) chain = received_chain_new(&block, &trust);
    bool has_chain = chain->n_hops > 0;
    if (output->json != NULL) {
        json_chain(chain, output);
    } else if (has_chain) {
        show_chain(chain, request, output);
    } else {
        explain_row(
            output,
            "none",
            TEXT_BAD,
            "There is no Received field: no server has put its line on top.",
            &trace_rule
        );
    }
    header_block_clear(&block);
    byte_buffer_clear(&text);
    return has_chain;
}
