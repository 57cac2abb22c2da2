/* DNS questions and answers as steps. */

#include "ui/timeline/step-builder-private.h"

#include "protocol/dns/dns-message.h"
#include "protocol/dns/dns-text.h"

#include <string.h>

#define RECORDS_SHOWN 32
#define DNS_TOLD_KEPT 64

static const char *kind_title(DnsExchangeKind kind)
{
    static const char *const titles[] = {
        [DNS_EXCHANGE_QUESTION] = "question",
        [DNS_EXCHANGE_REPEATED] = "repeated question",
        [DNS_EXCHANGE_ANSWER] = "answer",
        [DNS_EXCHANGE_UNASKED] = "answer without a question",
        [DNS_EXCHANGE_MISMATCH] = "answer to another question",
        [DNS_EXCHANGE_ANSWERED] = "second answer",
        [DNS_EXCHANGE_UNREADABLE] = "unreadable",
    };
    return titles[kind];
}

/* Tabs part the columns of a zone file, sometimes two of them; here a space does. */
static void take_tabs(GString *text)
{
    gsize kept = 0;
    bool was_tab = false;
    for (gsize i = 0; i < text->len; i++) {
        bool is_tab = text->str[i] == '\t';
        if (!is_tab || !was_tab) {
            text->str[kept++] = is_tab ? ' ' : text->str[i];
        }
        was_tab = is_tab;
    }
    g_string_truncate(text, kept);
}

static void add_records(Step *step, ByteSpan message)
{
    DnsReader reader;
    DnsRecord record;
    guint shown = 0;
    if (!dns_reader_begin(&reader, message)) {
        return;
    }
    while (shown < RECORDS_SHOWN && dns_reader_next(&reader, &record)) {
        if (record.section == DNS_SECTION_QUESTION || record.type == DNS_TYPE_OPT) {
            continue;
        }
        g_autoptr(GString) text = g_string_new(NULL);
        dns_text_record(message, &record, text);
        take_tabs(text);
        g_autofree char *safe = step_safe_text(byte_span(text->str, text->len));
        static const char *const sections[] = {"", "answer", "authority", "additional"};
        step_detail(step, 0, sections[record.section], "%s", safe);
        shown++;
    }
}

/* What was said lately, so that a question can be traced to the one that made it necessary. */
struct DnsTold {
    guint64 number;
    bool is_question;
    bool is_answered;
    char *from;
    char *to;
    char *question; /* of an answer: the question that it answers */
    char *text;
};

static void free_told(gpointer data)
{
    DnsTold *told = data;
    g_free(told->from);
    g_free(told->to);
    g_free(told->question);
    g_free(told->text);
    g_free(told);
}

GPtrArray *step_dns_told_new(void)
{
    return g_ptr_array_new_with_free_func(free_told);
}

static DnsTold *find_told(const StepBuilder *builder, guint64 number)
{
    for (guint i = builder->dns_told->len; number != 0 && i > 0; i--) {
        DnsTold *told = builder->dns_told->pdata[i - 1];
        if (told->number == number) {
            return told;
        }
    }
    return NULL;
}

static void keep_told(StepBuilder *builder, const Step *step)
{
    DnsTold *asked = find_told(builder, step->answers);
    DnsTold *told = g_new0(DnsTold, 1);
    told->number = step->number;
    told->is_question = step->kind == STEP_DNS_QUESTION;
    told->from = g_strdup(step->from);
    told->to = g_strdup(step->to);
    told->text = g_strdup(step->text);
    told->question = g_strdup(asked == NULL ? "" : asked->text);
    if (asked != NULL) {
        asked->is_answered = true;
    }
    if (builder->dns_told->len >= DNS_TOLD_KEPT) {
        g_ptr_array_remove_index(builder->dns_told, 0);
    }
    g_ptr_array_add(builder->dns_told, told);
}

/* A name server told it whom to ask next; or somebody waits for the answer of this host. */
static char *why_question(const StepBuilder *builder, const Step *step)
{
    for (guint i = builder->dns_told->len; i > 0; i--) {
        const DnsTold *told = builder->dns_told->pdata[i - 1];
        if (g_strcmp0(told->to, step->from) != 0) {
            continue;
        }
        if (!told->is_question && g_str_equal(told->question, step->text) &&
            strstr(told->text, step->to) != NULL) {
            return g_strdup_printf(
                "%s asks %s, as step %" G_GUINT64_FORMAT " told it to.",
                step->from,
                step->to,
                told->number
            );
        }
        if (told->is_question && !told->is_answered && g_str_equal(told->text, step->text)) {
            return g_strdup_printf(
                "%s asks %s, because %s wants to know (step %" G_GUINT64_FORMAT ").",
                step->from,
                step->to,
                told->from,
                told->number
            );
        }
    }
    return g_strdup_printf("%s asks %s.", step->from, step->to);
}

/* Who speaks to whom: a look-up goes from hand to hand, and its messages look alike. */
static char *who_to_whom(const StepBuilder *builder, const Step *step, DnsExchangeKind kind)
{
    switch (kind) {
    case DNS_EXCHANGE_QUESTION:
        return why_question(builder, step);
    case DNS_EXCHANGE_REPEATED:
        return g_strdup_printf("%s asks %s again: no answer has come.", step->from, step->to);
    case DNS_EXCHANGE_ANSWER:
        if (step->answers > 0 && step->duration_ns >= 0) {
            g_autofree char *after = step_duration_text(step->duration_ns);
            return g_strdup_printf(
                "%s answers %s, %s after the question (step %" G_GUINT64_FORMAT ").",
                step->from,
                step->to,
                after,
                step->answers
            );
        }
        return g_strdup_printf("%s answers %s.", step->from, step->to);
    case DNS_EXCHANGE_UNASKED:
        return g_strdup_printf(
            "From %s to %s; the question is not in the capture.", step->from, step->to
        );
    case DNS_EXCHANGE_MISMATCH:
        return g_strdup_printf(
            "From %s to %s; it does not fit the question that was asked.", step->from, step->to
        );
    case DNS_EXCHANGE_ANSWERED:
        return g_strdup_printf("From %s to %s, after another answer.", step->from, step->to);
    case DNS_EXCHANGE_UNREADABLE:
        return g_strdup_printf("From %s to %s.", step->from, step->to);
    }
    return NULL;
}

/* "MX hamburger.edu?", for where there is little room; NULL: nothing is asked. */
static char *question_title(ByteSpan message)
{
    DnsReader reader;
    DnsRecord record;
    char type[DNS_NUMBER_TEXT_MAXIMUM];
    char name[DNS_NAME_TEXT_MAXIMUM];
    if (!dns_reader_begin(&reader, message) || !dns_reader_next(&reader, &record) ||
        record.section != DNS_SECTION_QUESTION) {
        return NULL;
    }
    dns_message_name_text(message, record.name.start, name);
    gsize length = strlen(name);
    bool has_dot = length > 1 && name[length - 1] == '.';
    g_autofree char *title = g_strdup_printf(
        "%s %.*s?", dns_type_to_text(record.type, type), (int)(length - has_dot), name
    );
    return step_safe_text(byte_span_from_string(title));
}

void step_take_dns(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    bool asks = event->exchange.kind == DNS_EXCHANGE_QUESTION ||
                event->exchange.kind == DNS_EXCHANGE_REPEATED;
    Step *step = step_of_event(builder, talk, asks ? STEP_DNS_QUESTION : STEP_DNS_ANSWER, event);
    g_autoptr(GString) meaning = g_string_new(NULL);
    dns_meaning(event->octets, meaning);
    g_free(step->from);
    g_free(step->to);
    step->from = step_side_name(builder, &event->source);
    step->to = step_side_name(builder, &event->destination);
    step->from_port = event->source_port;
    step->to_port = event->destination_port;
    step->is_from_server = !asks;
    step->protocol = mail_protocol_name(MAIL_PROTOCOL_DNS);
    step->title = asks ? question_title(event->octets) : NULL;
    if (step->title == NULL) {
        step->title = g_strdup(kind_title(event->exchange.kind));
    }
    step->text = step_safe_text(byte_span(meaning->str, meaning->len));
    step->meaning = g_strdup(step->text);
    step->octets = event->octets.length;
    step_add_reference(step, (RfcReference){1035, asks ? "4.1.2" : "4.1.3"});
    if (!asks) {
        add_records(step, event->octets);
    }
    if (event->exchange.kind == DNS_EXCHANGE_ANSWER) {
        step->duration_ns = event->time_ns - event->exchange.time_us * 1000;
    }
    step->why = who_to_whom(builder, step, event->exchange.kind);
    keep_told(builder, step);
    step_give(builder, step);
}
