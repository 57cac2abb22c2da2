/* Addresses, paths, domains and Punycode labels. A verdict must point into the text and name its
 * rule; a path must be parts of the text whatever is wrong with it. */

#include "protocol/address/mail-path.h"
#include "protocol/address/punycode.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_part(ByteSpan text, ByteSpan part)
{
    g_assert(
        part.length == 0 ||
        (part.data >= text.data && part.data + part.length <= text.data + text.length)
    );
}

static void check_verdict(ByteSpan text, const AddressVerdict *verdict)
{
    g_assert(verdict->is_valid == (verdict->fault == ADDRESS_FAULT_NONE));
    g_assert(verdict->is_valid == (verdict->rule == NULL));
    g_assert(verdict->position + verdict->length <= text.length);
    g_assert(verdict->opened_at <= text.length);
    check_part(text, verdict->local_part);
    check_part(text, verdict->domain);
}

/* What is valid stays valid with the next rule set, which allows more. */
static void judge(ByteSpan text)
{
    AddressVerdict verdicts[N_ADDRESS_RULE_SETS];
    for (int rules = 0; rules < N_ADDRESS_RULE_SETS; rules++) {
        AddressVerdict domain = address_judge_domain((AddressRuleSet)rules, text);
        verdicts[rules] = address_judge((AddressRuleSet)rules, text);
        check_verdict(text, &verdicts[rules]);
        g_assert(domain.position <= text.length);
    }
    g_assert(!verdicts[ADDRESS_SMTP].is_valid || verdicts[ADDRESS_MESSAGE].is_valid);
    g_assert(!verdicts[ADDRESS_MESSAGE].is_valid || verdicts[ADDRESS_OBSOLETE].is_valid);
}

static void take_path(ByteSpan text)
{
    MailPath path;
    guint8 plain[64];
    ByteSpan rest = mail_path_parse(text, &path);
    check_part(text, rest);
    check_part(text, path.text);
    check_part(path.text, path.source_route);
    check_part(path.text, path.mailbox);
    check_part(path.mailbox, path.local_part);
    check_part(path.mailbox, path.domain);
    gssize length = local_part_unquote(path.local_part, plain, sizeof plain);
    g_assert(length <= (gssize)sizeof plain);
}

static void decode_label(ByteSpan text)
{
    gunichar points[PUNYCODE_LABEL_MAXIMUM];
    gunichar again[PUNYCODE_LABEL_MAXIMUM];
    char label[PUNYCODE_LABEL_MAXIMUM * 8];
    gssize n_points = punycode_decode(text, points, G_N_ELEMENTS(points));
    if (n_points <= 0) {
        return;
    }
    gssize length = punycode_encode(points, (gsize)n_points, label, sizeof label);
    g_assert(length >= 0);
    gssize n_again = punycode_decode(byte_span(label, (gsize)length), again, G_N_ELEMENTS(again));
    g_assert(n_again == n_points);
    g_assert(memcmp(points, again, (gsize)n_points * sizeof *points) == 0);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    ByteSpan text = byte_span(data, size);
    judge(text);
    take_path(text);
    decode_label(text);
    return 0;
}
