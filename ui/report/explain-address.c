#include "ui/report/explain-address.h"

#include "protocol/address/address-judge.h"
#include "protocol/address/mail-path.h"
#include "protocol/address/punycode.h"
#include "protocol/message/message-address.h"
#include "ui/report/explain-view.h"

typedef struct {
    ByteSpan text;
    AddressVerdict verdicts[N_ADDRESS_RULE_SETS];
} Judgement;

static void judge(ByteSpan text, Judgement *out_judgement)
{
    out_judgement->text = text;
    for (int rules = 0; rules < N_ADDRESS_RULE_SETS; rules++) {
        out_judgement->verdicts[rules] = address_judge((AddressRuleSet)rules, text);
    }
}

static bool is_deliverable(const Judgement *judgement)
{
    return judgement->verdicts[ADDRESS_SMTP].is_valid ||
           judgement->verdicts[ADDRESS_INTERNATIONAL].is_valid;
}

static bool is_valid_anywhere(const Judgement *judgement)
{
    return is_deliverable(judgement) || judgement->verdicts[ADDRESS_MESSAGE].is_valid ||
           judgement->verdicts[ADDRESS_OBSOLETE].is_valid;
}

/* What a lecturer would say of a verdict in half a sentence. */
static const char *summary_of(const AddressVerdict *verdict)
{
    if (!verdict->is_valid) {
        return "not valid";
    }
    if (verdict->uses_obsolete) {
        return "valid, but as an obsolete form only: to be understood, never to be written";
    }
    if (verdict->uses_utf8) {
        return "valid, where both servers speak SMTPUTF8";
    }
    return "valid";
}

static void
show_fault(const Judgement *judgement, const AddressVerdict *verdict, ExplainOutput *output)
{
    g_autofree char *place = explain_place(judgement->text, verdict->position);
    g_autofree char *where = g_strdup_printf("%s breaks %s:", place, verdict->rule);
    explain_caret(output, "", judgement->text, verdict->position);
    explain_row(output, "", TEXT_PLAIN, where, &verdict->reference);
    explain_row(output, "", TEXT_PLAIN, verdict->sentence, NULL);
    if (verdict->fault == ADDRESS_FAULT_QUOTE_OPEN ||
        verdict->fault == ADDRESS_FAULT_COMMENT_OPEN ||
        verdict->fault == ADDRESS_FAULT_LITERAL_OPEN) {
        g_autofree char *opened = explain_place(judgement->text, verdict->opened_at);
        explain_row_printf(output, "", TEXT_PLAIN, "It was opened by %s.", opened);
    }
}

static void show_verdict(const Judgement *judgement, AddressRuleSet rules, ExplainOutput *output)
{
    const AddressVerdict *verdict = &judgement->verdicts[rules];
    RfcReference reference = address_rule_set_reference(rules);
    explain_blank(output);
    explain_sentence(output, TEXT_HEADING, address_rule_set_name(rules));
    explain_row(
        output,
        verdict->is_valid ? "yes" : "no",
        verdict->is_valid ? TEXT_GOOD : TEXT_BAD,
        summary_of(verdict),
        verdict->is_valid ? &reference : NULL
    );
    if (!verdict->is_valid) {
        show_fault(judgement, verdict, output);
    }
}

/* The domain as the DNS is asked for it; NULL where it is the same or there is none. */
static char *a_labels(ByteSpan domain)
{
    g_auto(GStrv) labels = NULL;
    g_autofree char *text = byte_span_to_string(domain);
    GString *result = g_string_new(NULL);
    bool has_other = false;
    labels = g_strsplit(text, ".", -1);
    for (gsize i = 0; labels[i] != NULL; i++) {
        char encoded[PUNYCODE_LABEL_MAXIMUM];
        glong n_points = 0;
        g_autofree gunichar *points = g_utf8_to_ucs4(labels[i], -1, NULL, &n_points, NULL);
        g_string_append(result, i == 0 ? "" : ".");
        if (points == NULL || n_points == (glong)strlen(labels[i])) {
            g_string_append(result, labels[i]);
            continue;
        }
        gssize length = punycode_encode(points, (gsize)n_points, encoded, sizeof encoded);
        has_other = true;
        g_string_append(result, "xn--");
        g_string_append_len(result, encoded, MAX(length, 0));
    }
    return g_string_free(result, !has_other);
}

static void show_parts(const Judgement *judgement, ExplainOutput *output)
{
    static const RfcReference unquoted = {5321, "4.1.2"};
    static const RfcReference lookup = {6531, "3.2"};
    const AddressVerdict *verdict = &judgement->verdicts[ADDRESS_INTERNATIONAL];
    guint8 plain[256];
    if (verdict->local_part.data == NULL) {
        return;
    }
    g_autofree char *local = byte_span_to_display(verdict->local_part);
    g_autofree char *domain = byte_span_to_display(verdict->domain);
    explain_row(output, "local", TEXT_PROTOCOL, local, NULL);
    gssize length = local_part_unquote(verdict->local_part, plain, sizeof plain);
    if (verdict->is_valid && verdict->is_quoted && length >= 0) {
        g_autofree char *mailbox = byte_span_to_display(byte_span(plain, (gsize)length));
        g_autofree char *same = g_strdup_printf("the quotation marks aside: %s", mailbox);
        explain_row(output, "", TEXT_PLAIN, same, &unquoted);
    }
    explain_row(output, "domain", TEXT_PROTOCOL, domain, NULL);
    g_autofree char *ascii = verdict->is_valid ? a_labels(verdict->domain) : NULL;
    if (ascii != NULL) {
        g_autofree char *asked = g_strdup_printf("asked of the DNS as %s", ascii);
        explain_row(output, "", TEXT_PLAIN, asked, &lookup);
    }
}

static void show(const Judgement *judgement, ExplainOutput *output)
{
    g_autofree char *shown = byte_span_to_display(judgement->text);
    explain_row(output, "address", TEXT_PROTOCOL, shown, NULL);
    show_parts(judgement, output);
    for (int rules = 0; rules < N_ADDRESS_RULE_SETS; rules++) {
        show_verdict(judgement, (AddressRuleSet)rules, output);
    }
}

static void write_json(const Judgement *judgement, ExplainOutput *output)
{
    JsonLine *json = output->json;
    for (int rules = 0; rules < N_ADDRESS_RULE_SETS; rules++) {
        const AddressVerdict *verdict = &judgement->verdicts[rules];
        RfcReference reference = verdict->is_valid
                                     ? address_rule_set_reference((AddressRuleSet)rules)
                                     : verdict->reference;
        explain_json_step(output);
        json_line_span(json, "address", judgement->text);
        json_line_string(json, "rules", address_rule_set_name((AddressRuleSet)rules));
        json_line_boolean(json, "valid", verdict->is_valid);
        json_line_boolean(json, "obsolete", verdict->uses_obsolete);
        json_line_boolean(json, "smtputf8", verdict->uses_utf8);
        json_line_span(json, "local_part", verdict->local_part);
        json_line_span(json, "domain", verdict->domain);
        if (!verdict->is_valid) {
            ByteSpan character =
                byte_span_slice(judgement->text, verdict->position, verdict->length);
            json_line_number(json, "position", verdict->position);
            json_line_span(json, "character", character);
            json_line_string(json, "rule", verdict->rule);
            json_line_string(json, "meaning", verdict->sentence);
        }
        explain_json_rfc(output, &reference, 1);
        explain_json_end(output);
    }
}

static bool explain_one(ByteSpan text, ExplainOutput *output)
{
    Judgement judgement;
    judge(text, &judgement);
    if (output->json != NULL) {
        write_json(&judgement, output);
    } else {
        show(&judgement, output);
    }
    return is_deliverable(&judgement);
}

/* <alice@crepes.fr>, as MAIL and RCPT have it. */
static bool explain_path(ByteSpan text, ExplainOutput *output)
{
    static const RfcReference path_rule = {5321, "4.1.2"};
    static const RfcReference null_rule = {5321, "4.5.5"};
    static const RfcReference route_rule = {5321, "C"};
    static const RfcReference postmaster_rule = {5321, "4.1.1.3"};
    MailPath path;
    mail_path_parse(text, &path);
    if (output->json == NULL) {
        explain_row(
            output, "path", TEXT_PROTOCOL, "< and > hold a path of MAIL or RCPT", &path_rule
        );
        if (path.is_null) {
            explain_row(
                output,
                "null",
                TEXT_PLAIN,
                "the null path: reports are sent with it, so that nobody "
                "answers them",
                &null_rule
            );
        }
        if (path.source_route.length > 0) {
            g_autofree char *route = byte_span_to_display(path.source_route);
            explain_row(output, "route", TEXT_PROTOCOL, route, &route_rule);
            explain_row(
                output, "", TEXT_PLAIN, "an old source route: understood and left aside", NULL
            );
        }
        if (path.is_postmaster && path.domain.length == 0) {
            explain_row(
                output,
                "",
                TEXT_PLAIN,
                "Postmaster is the one mailbox that needs no domain.",
                &postmaster_rule
            );
        }
    }
    bool is_right = path.defects == 0;
    if (path.is_null || (path.is_postmaster && path.domain.length == 0)) {
        if (output->json != NULL) {
            explain_json_begin(output, "result");
            json_line_span(output->json, "path", text);
            json_line_boolean(output->json, "valid", is_right);
            json_line_boolean(output->json, "null", path.is_null);
            explain_json_rfc(output, path.is_null ? &null_rule : &postmaster_rule, 1);
            explain_json_end(output);
        }
        return is_right;
    }
    return explain_one(path.mailbox, output) && is_right;
}

static bool is_list(ByteSpan text, const Judgement *judgement)
{
    return !is_valid_anywhere(judgement) &&
           (byte_span_find(text, ',', 0) >= 0 || byte_span_find(text, '<', 0) >= 0 ||
            byte_span_find(text, ';', 0) >= 0);
}

static bool explain_list(const MessageAddressList *list, ExplainOutput *output)
{
    static const RfcReference list_rule = {5322, "3.4"};
    bool is_deliverable_all = true;
    if (output->json == NULL) {
        g_autofree char *count = g_strdup_printf(
            "an address list of a header field with %u mailbox%s",
            list->n_mailboxes,
            list->n_mailboxes == 1 ? "" : "es"
        );
        explain_row(output, "list", TEXT_PLAIN, count, &list_rule);
    }
    for (guint i = 0; i < list->n_items; i++) {
        const MessageAddress *address = &list->items[i];
        g_autofree char *path = message_address_path(address);
        if (path == NULL) {
            continue;
        }
        if (output->json == NULL) {
            g_autofree char *name = message_address_display_name(address);
            explain_blank(output);
            if (name != NULL) {
                explain_row(output, "name", TEXT_PROTOCOL, name, NULL);
            }
        }
        is_deliverable_all &= explain_one(byte_span_from_string(path), output);
    }
    return is_deliverable_all;
}

bool explain_address(const ExplainRequest *request, ExplainOutput *output)
{
    ByteSpan text = request->octets;
    Judgement judgement;
    if (output->json == NULL) {
        explain_heading(output, "address: may it stand in an envelope, may it stand in a header?");
        explain_blank(output);
    }
    if (text.length >= 2 && text.data[0] == '<' && text.data[text.length - 1] == '>') {
        return explain_path(text, output);
    }
    judge(text, &judgement);
    if (is_list(text, &judgement)) {
        g_autoptr(MessageAddressList) list = message_address_list_parse(text);
        if (list->is_valid && list->n_mailboxes > 0) {
            return explain_list(list, output);
        }
    }
    return explain_one(text, output);
}
