/* Kind 21: what does dig say? The message is a real DNS message; dns-text prints it. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "protocol/dns/dns-text.h"
#include "protocol/dns/dns-writer.h"

#define EXCHANGERS_MAXIMUM 4

typedef struct {
    char *domain;
    char *exchangers[EXCHANGERS_MAXIMUM]; /* best first */
    char *addresses[EXCHANGERS_MAXIMUM];
    guint preferences[EXCHANGERS_MAXIMUM];
    guint count;
    guint ttl;
    bool is_authoritative;
    bool recursion_available;
    bool exists;
    char *server;
    guint id;
    guint milliseconds;
} Answer;

static void make_answer(Exercise *exercise, Answer *answer)
{
    ExercisePerson person;
    exercise_people(exercise, &person, 1);
    answer->domain = g_strdup_printf(
        "%s%u.%s", exercise_dish(exercise), exercise_between(exercise, 1, 99), person.domain
    );
    answer->count = exercise_between(exercise, 2, exercise->level == 1 ? 2 : EXCHANGERS_MAXIMUM);
    guint preference = 0;
    for (guint i = 0; i < answer->count; i++) {
        preference += exercise_between(exercise, 1, 20);
        answer->preferences[i] = preference;
        answer->exchangers[i] =
            g_strdup_printf("mx%u.%s", exercise_between(exercise, 1, 9) * 10 + i, answer->domain);
        answer->addresses[i] = exercise_address_v4(exercise);
    }
    answer->ttl = exercise_between(exercise, 1, 24 * 60) * 60 - exercise_below(exercise, 60);
    answer->is_authoritative = exercise_toss(exercise);
    answer->recursion_available = !answer->is_authoritative || exercise_toss(exercise);
    answer->exists = exercise->level < 3 || exercise_below(exercise, 3) > 0;
    answer->server = exercise_address_v4(exercise);
    answer->id = exercise_below(exercise, 65536);
    answer->milliseconds = exercise_between(exercise, 1, 180);
    exercise_people_clear(&person, 1);
}

static void clear_answer(Answer *answer)
{
    g_free(answer->domain);
    g_free(answer->server);
    for (guint i = 0; i < answer->count; i++) {
        g_free(answer->exchangers[i]);
        g_free(answer->addresses[i]);
    }
}

static void put_record(
    DnsWriter *writer,
    DnsSection section,
    const char *owner,
    guint16 type,
    guint32 ttl,
    const ByteBuffer *data
)
{
    DnsName name;
    g_assert(dns_name_from_text(owner, &name));
    g_assert(
        dns_writer_record(writer, section, &name, type, DNS_CLASS_IN, ttl, byte_buffer_span(data))
    );
}

static void put_exchangers(Exercise *exercise, DnsWriter *writer, const Answer *answer)
{
    guint order[EXCHANGERS_MAXIMUM];
    for (guint i = 0; i < answer->count; i++) {
        order[i] = i;
    }
    exercise_shuffle(exercise, order, answer->count);
    ByteBuffer data;
    byte_buffer_init(&data, 512);
    for (guint i = 0; i < answer->count; i++) {
        DnsName name;
        g_assert(dns_name_from_text(answer->exchangers[order[i]], &name));
        dns_data_put_mx(&data, (guint16)answer->preferences[order[i]], &name);
        put_record(writer, DNS_SECTION_ANSWER, answer->domain, DNS_TYPE_MX, answer->ttl, &data);
        byte_buffer_reset(&data);
    }
    for (guint i = 0; i < answer->count; i++) {
        guint octets[4];
        g_auto(GStrv) numbers = g_strsplit(answer->addresses[order[i]], ".", 4);
        for (guint j = 0; j < 4; j++) {
            octets[j] = (guint)g_ascii_strtoull(numbers[j], NULL, 10);
        }
        guint32 address = octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3];
        dns_data_put_number_32(&data, address);
        put_record(
            writer,
            DNS_SECTION_ADDITIONAL,
            answer->exchangers[order[i]],
            DNS_TYPE_A,
            answer->ttl,
            &data
        );
        byte_buffer_reset(&data);
    }
    byte_buffer_clear(&data);
}

static char *print_answer(Exercise *exercise, const Answer *answer)
{
    DnsHeader header = {
        .id = (guint16)answer->id,
        .is_response = true,
        .recursion_desired = true,
        .is_authoritative = answer->is_authoritative,
        .recursion_available = answer->recursion_available,
        .rcode = answer->exists ? DNS_RCODE_NOERROR : DNS_RCODE_NXDOMAIN,
    };
    DnsWriter writer;
    DnsName domain;
    dns_writer_begin(&writer, 1232, &header);
    g_assert(dns_name_from_text(answer->domain, &domain));
    g_assert(dns_writer_question(&writer, &domain, DNS_TYPE_MX, DNS_CLASS_IN));
    if (answer->exists) {
        put_exchangers(exercise, &writer, answer);
    }
    g_autofree char *arguments = g_strdup_printf("%s MX", answer->domain);
    DnsTextFooter footer = {
        .query_time_ms = answer->milliseconds,
        .server = answer->server,
        .port = DNS_PORT,
        .arguments = arguments,
    };
    GString *text = g_string_new(NULL);
    dns_text_message(dns_writer_message(&writer), &footer, text);
    dns_writer_clear(&writer);
    return g_string_free(text, FALSE);
}

static void ask_best(Exercise *exercise, const Answer *answer)
{
    if (!answer->exists) {
        ExercisePart *status =
            exercise_ask(exercise, ANSWER_WORD, "NXDOMAIN", "What is the status?");
        exercise_part_whole(
            status, "the status", EXERCISE_RFC(1035, "4.1.1"), "NXDOMAIN: there is no such name."
        );
        return;
    }
    const char *last = answer->exchangers[answer->count - 1];
    ExercisePart *best = exercise_ask(
        exercise, ANSWER_WORD, answer->exchangers[0], "Which host does a sender of mail try first?"
    );
    exercise_part_accept(best, "%s", answer->addresses[0]);
    exercise_part_whole(
        best,
        "the preferred exchanger",
        EXERCISE_RFC(5321, "5.1"),
        "The lowest preference is %u: %s.",
        answer->preferences[0],
        answer->exchangers[0]
    );
    exercise_part_mistake(
        best,
        "highest number",
        last,
        "That one has the highest number.",
        "The lowest number is tried first."
    );
    exercise_part_mistake(
        best,
        "the domain itself",
        answer->domain,
        "That is the domain; its MX records name the hosts.",
        NULL
    );
    ExercisePart *address = exercise_ask(
        exercise, ANSWER_WORD, answer->addresses[0], "And which address does that host have?"
    );
    exercise_part_whole(
        address,
        "the additional section",
        EXERCISE_RFC(1035, "3.3.9"),
        "The additional section has it: %s.",
        answer->addresses[0]
    );
    exercise_part_mistake(
        address,
        "the name server's address",
        answer->server,
        "That is the name server that answered.",
        NULL
    );
}

static void ask_ttl(Exercise *exercise, const Answer *answer)
{
    g_autofree char *key = g_strdup_printf("%u", answer->ttl);
    ExercisePart *part = exercise_ask(
        exercise, ANSWER_NUMBER, key, "For how many seconds may the MX records be kept?"
    );
    exercise_part_whole(
        part,
        "the time to live",
        EXERCISE_RFC(1035, "4.1.3"),
        "The second column is the TTL: %s s.",
        key
    );
    g_autofree char *other = g_strdup_printf("%u", answer->preferences[0]);
    exercise_part_mistake(
        part, "the preference", other, "That is the preference of a record.", NULL
    );
}

static void ask_flags(Exercise *exercise, const Answer *answer)
{
    ExercisePart *authority = exercise_ask_yes_no(
        exercise,
        answer->is_authoritative,
        "Is the server that answered an authority for this domain?"
    );
    exercise_part_whole(
        authority,
        "the flag aa",
        EXERCISE_RFC(1035, "4.1.1"),
        answer->is_authoritative
            ? "The flags have aa: authoritative answer."
            : "The flags lack aa: the answer comes from elsewhere, a cache perhaps."
    );
    ExercisePart *server =
        exercise_ask(exercise, ANSWER_WORD, answer->server, "Who answered (its address)?");
    exercise_part_whole(
        server,
        "who answered",
        EXERCISE_RFC(1035, "4.1.1"),
        "The SERVER line has it: %s.",
        answer->server
    );
    exercise_part_accept(server, "%s#53", answer->server);
}

void exercise_make_dig_output(Exercise *exercise)
{
    Answer answer = {0};
    make_answer(exercise, &answer);
    g_autofree char *text = print_answer(exercise, &answer);
    exercise_say(exercise, "dig printed this.");
    exercise_show(exercise, text);
    ask_best(exercise, &answer);
    if (answer.exists) {
        ask_ttl(exercise, &answer);
    }
    if (exercise->level >= 2) {
        ask_flags(exercise, &answer);
    }
    exercise_set_hint(
        exercise,
        "A line is: name, seconds it may be kept, class, type, data. The data of MX is preference "
        "and host."
    );
    exercise_set_try(exercise, "mailwalk rfc dns mx");
    clear_answer(&answer);
}
