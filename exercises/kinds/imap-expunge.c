/* Kind 18: message sequence numbers after EXPUNGE. */

#include "exercises/kinds/kinds.h"

#include "exercises/answer-form.h"
#include "exercises/exercise-maker.h"

#define MESSAGES_MAXIMUM 12

typedef struct {
    guint n_messages;
    guint uids[MESSAGES_MAXIMUM];
    guint32 deleted; /* bits of the numbers before EXPUNGE */
} Mailbox;

static void make_mailbox(Exercise *exercise, Mailbox *mailbox)
{
    guint uid = exercise_between(exercise, 1, 400);
    mailbox->n_messages = exercise_between(exercise, 6, 6 + 2 * exercise->level);
    for (guint i = 0; i < mailbox->n_messages; i++) {
        uid += exercise_between(exercise, 1, 9);
        mailbox->uids[i] = uid;
    }
    guint n_deleted = exercise->level + exercise_between(exercise, 1, 2);
    guint count = 0;
    while (count < n_deleted) {
        guint32 bit = 1u << exercise_below(exercise, mailbox->n_messages);
        count += (mailbox->deleted & bit) == 0 ? 1 : 0;
        mailbox->deleted |= bit;
    }
}

/* The numbers that a server says which goes from the first message to the last. */
static char *expunge_numbers(const Mailbox *mailbox, bool downwards)
{
    GString *text = g_string_new(NULL);
    guint gone = 0;
    for (guint i = 0; i < mailbox->n_messages; i++) {
        guint at = downwards ? mailbox->n_messages - 1 - i : i;
        if ((mailbox->deleted & 1u << at) != 0) {
            guint number = downwards ? at + 1 : at + 1 - gone;
            g_string_append_printf(text, "%s%u", text->len == 0 ? "" : " ", number);
            gone++;
        }
    }
    return g_string_free(text, FALSE);
}

static char *original_numbers(const Mailbox *mailbox)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < mailbox->n_messages; i++) {
        if ((mailbox->deleted & 1u << i) != 0) {
            g_string_append_printf(text, "%s%u", text->len == 0 ? "" : " ", i + 1);
        }
    }
    return g_string_free(text, FALSE);
}

static char *mailbox_text(const Mailbox *mailbox, bool with_flags, const char *expunges)
{
    GString *text = g_string_new(NULL);
    g_string_append(text, "C: a1 FETCH 1:* (UID FLAGS)\n");
    for (guint i = 0; i < mailbox->n_messages; i++) {
        bool is_deleted = with_flags && (mailbox->deleted & 1u << i) != 0;
        g_string_append_printf(
            text,
            "S: * %u FETCH (UID %u FLAGS (%s))\n",
            i + 1,
            mailbox->uids[i],
            is_deleted ? "\\Deleted" : ""
        );
    }
    g_string_append(text, "S: a1 OK FETCH completed\nC: a2 EXPUNGE\n");
    g_auto(GStrv) numbers = g_strsplit(expunges, " ", -1);
    for (gsize i = 0; numbers[i] != NULL && numbers[i][0] != '\0'; i++) {
        g_string_append_printf(text, "S: * %s EXPUNGE\n", numbers[i]);
    }
    return g_string_free(text, FALSE);
}

static void ask_new_number(Exercise *exercise, const Mailbox *mailbox)
{
    guint last = mailbox->n_messages - 1;
    while ((mailbox->deleted & 1u << last) != 0) {
        last--;
    }
    guint gone = 0;
    for (guint i = 0; i < last; i++) {
        gone += (mailbox->deleted & 1u << i) != 0 ? 1 : 0;
    }
    g_autofree char *key = g_strdup_printf("%u", last + 1 - gone);
    g_autofree char *before = g_strdup_printf("%u", last + 1);
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_NUMBER,
        key,
        "Which sequence number has the message with UID %u after that?",
        mailbox->uids[last]
    );
    exercise_part_whole(
        part,
        "numbers move up",
        EXERCISE_RFC(9051, "7.5.1"),
        "It was number %u; %u of those before it are gone, so it is %s.",
        last + 1,
        gone,
        key
    );
    exercise_part_mistake(
        part,
        "the number before",
        before,
        "That was its number before.",
        "Every number above a removed one moves down by one."
    );
    g_autofree char *uid = g_strdup_printf("%u", mailbox->uids[last]);
    exercise_part_mistake(
        part, "the UID", uid, "That is its UID, which stays.", "The sequence number is its place."
    );
}

static void ask_exists(Exercise *exercise, const Mailbox *mailbox, guint n_deleted)
{
    g_autofree char *key = g_strdup_printf("%u", mailbox->n_messages - n_deleted);
    ExercisePart *part =
        exercise_ask(exercise, ANSWER_NUMBER, key, "How many messages exist after that?");
    exercise_part_whole(
        part,
        "how many are left",
        EXERCISE_RFC(9051, "7.5.1"),
        "%u were there and %u EXPUNGE lines took one each: %s.",
        mailbox->n_messages,
        n_deleted,
        key
    );
}

static void ask_expunges(Exercise *exercise, const Mailbox *mailbox)
{
    g_autofree char *key = expunge_numbers(mailbox, false);
    g_autofree char *down = expunge_numbers(mailbox, true);
    g_autofree char *wrong = original_numbers(mailbox);
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_LIST,
        key,
        "Which numbers stand in the EXPUNGE lines that the server sends, in order? (It may take "
        "the "
        "messages in any order.)"
    );
    g_auto(GStrv) numbers = g_strsplit(key, " ", -1);
    for (gsize i = 0; numbers[i] != NULL; i++) {
        exercise_part_step(
            part,
            "each EXPUNGE moves the numbers",
            i,
            i + 1,
            EXERCISE_RFC(9051, "7.5.1"),
            g_strdup_printf("item %zu", i + 1),
            g_strdup_printf(
                "%zu of the messages before it are gone already, so the number to say is %s.",
                i,
                numbers[i]
            )
        );
    }
    exercise_part_accept(part, "%s", down);
    exercise_part_mistake(
        part,
        "numbers of before",
        wrong,
        "Those are the numbers before the first EXPUNGE.",
        "After each EXPUNGE line all higher numbers are one less."
    );
}

/* Which UIDs do the lines remove? */
static void ask_gone(Exercise *exercise, const Mailbox *mailbox)
{
    GString *key = g_string_new(NULL);
    for (guint i = 0; i < mailbox->n_messages; i++) {
        if ((mailbox->deleted & 1u << i) != 0) {
            g_string_append_printf(key, "%s%u", key->len == 0 ? "" : " ", mailbox->uids[i]);
        }
    }
    ExercisePart *part = exercise_ask(exercise, ANSWER_SET, key->str, "Which UIDs are gone?");
    g_auto(GStrv) uids = g_strsplit(key->str, " ", -1);
    for (gsize i = 0; uids[i] != NULL; i++) {
        exercise_part_step(
            part,
            "which message an EXPUNGE line means",
            i,
            i + 1,
            EXERCISE_RFC(9051, "7.5.1"),
            g_strdup_printf("UID %s", uids[i]),
            g_strdup_printf(
                "Line %zu means UID %s: count the places anew after each line.", i + 1, uids[i]
            )
        );
    }
    g_string_free(key, TRUE);
}

void exercise_make_imap_expunge(Exercise *exercise)
{
    Mailbox *mailbox = g_new0(Mailbox, 1);
    exercise_set_facts(exercise, mailbox, g_free);
    make_mailbox(exercise, mailbox);
    g_autofree char *numbers =
        expunge_numbers(mailbox, exercise->level == 3 && exercise_toss(exercise));
    guint n_deleted = 0;
    for (guint i = 0; i < mailbox->n_messages; i++) {
        n_deleted += (mailbox->deleted & 1u << i) != 0 ? 1 : 0;
    }
    bool asks_numbers = exercise->level == 2;
    g_autofree char *text = mailbox_text(mailbox, exercise->level < 3, asks_numbers ? "" : numbers);
    exercise_say(exercise, "A client and an IMAP server say this.");
    exercise_show(exercise, text);
    if (asks_numbers) {
        ask_expunges(exercise, mailbox);
    } else if (exercise->level == 3) {
        ask_gone(exercise, mailbox);
    }
    ask_new_number(exercise, mailbox);
    ask_exists(exercise, mailbox, n_deleted);
    exercise_set_hint(
        exercise,
        "A sequence number is a place in the row; with each EXPUNGE line the row closes up."
    );
    exercise_set_try(exercise, "mailwalk rfc imap expunge");
}

EXERCISE_ACCEPTS(imap_expunge)
{
    const Mailbox *mailbox = exercise->facts;
    if (part->form != ANSWER_LIST) {
        return false;
    }
    g_autofree char *normal = answer_normalise(ANSWER_LIST, answer);
    g_auto(GStrv) numbers = g_strsplit(normal, " ", -1);
    guint row[MESSAGES_MAXIMUM];
    guint count = mailbox->n_messages;
    for (guint i = 0; i < count; i++) {
        row[i] = i;
    }
    guint32 removed = 0;
    for (gsize i = 0; numbers[i] != NULL; i++) {
        guint64 number;
        if (!byte_span_to_number(byte_span_from_string(numbers[i]), &number) || number < 1 ||
            number > count) {
            return false;
        }
        removed |= 1u << row[number - 1];
        count--;
        memmove(row + number - 1, row + number, (count - (gsize)number + 1) * sizeof *row);
    }
    return removed == mailbox->deleted;
}
