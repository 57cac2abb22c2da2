/* Kind 15: what is left of a mailbox after RSET, QUIT or a dropped connection. The engine plays the
 * session; the keys are what it says. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "exercises/kinds/number-set.h"
#include "exercises/kinds/student-pop3.h"

typedef enum {
    END_QUIT,
    END_DROP,
    N_ENDS,
} SessionEnd;

typedef struct {
    char *messages[STUDENT_POP3_MESSAGES];
    guint n_messages;
    guint32 left;   /* after the session */
    guint32 marked; /* at its end */
    char *stat;     /* what STAT says before the end */
    bool has_reset;
    SessionEnd end;
    GString *transcript;
} Story;

static void make_messages(Exercise *exercise, Story *story)
{
    story->n_messages = exercise_between(exercise, 3, 4 + exercise->level);
    for (guint i = 0; i < story->n_messages; i++) {
        g_autofree char *subject = exercise_subject(exercise);
        g_autofree char *sentence = exercise_sentence(exercise);
        story->messages[i] = g_strdup_printf("Subject: %s\r\n\r\n%s\r\n", subject, sentence);
    }
}

static void say(StudentPop3 *session, Story *story, const char *command)
{
    g_autofree char *answer = student_pop3_say(session, command);
    g_auto(GStrv) lines = g_strsplit(answer, "\n", -1);
    g_string_append_printf(story->transcript, "C: %s\n", command);
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_string_append_printf(story->transcript, "S: %s\n", lines[i]);
    }
}

static void play_commands(Exercise *exercise, StudentPop3 *session, Story *story)
{
    guint n_commands = 2 + exercise->level + exercise_below(exercise, 2);
    guint reset_at =
        exercise_toss(exercise) ? exercise_between(exercise, 1, n_commands - 1) : n_commands;
    for (guint i = 0; i < n_commands; i++) {
        guint number = exercise_between(exercise, 1, story->n_messages);
        if (i == reset_at) {
            story->has_reset = true;
            say(session, story, "RSET");
        } else {
            g_autofree char *command = g_strdup_printf("DELE %u", number);
            say(session, story, command);
        }
    }
}

static void play(Exercise *exercise, Story *story)
{
    ExercisePerson person;
    exercise_people(exercise, &person, 1);
    g_autofree char *password = exercise_password(exercise);
    g_autoptr(StudentPop3) session = student_pop3_new(&(StudentPop3Options){
        .user = person.login,
        .password = password,
        .host_name = person.domain,
        .messages = story->messages,
        .n_messages = story->n_messages,
    });
    g_autofree char *user = g_strdup_printf("USER %s", person.login);
    g_autofree char *pass = g_strdup_printf("PASS %s", password);
    say(session, story, user);
    say(session, story, pass);
    say(session, story, "LIST");
    play_commands(exercise, session, story);
    story->marked = student_pop3_record(session).marked;
    story->stat = student_pop3_say(session, "STAT");
    if (story->end == END_QUIT) {
        say(session, story, "QUIT");
    } else {
        g_string_append(story->transcript, "(the connection is cut: no more packets)\n");
    }
    guint32 all = (1u << story->n_messages) - 1;
    story->left = all & ~student_pop3_record(session).removed;
    exercise_people_clear(&person, 1);
}

static void ask_left(Exercise *exercise, const Story *story)
{
    guint32 all = (1u << story->n_messages) - 1;
    g_autofree char *key = number_set_text(story->left);
    g_autofree char *everything = number_set_text(all);
    g_autofree char *unmarked = number_set_text(all & ~story->marked);
    g_autofree char *removed = number_set_text(all & ~story->left);
    ExercisePart *part = exercise_ask(
        exercise,
        ANSWER_SET,
        key,
        "Which messages are in the mailbox when the next session begins? Give the numbers of the "
        "LIST above; \"none\" if none."
    );
    bool is_cut = story->end == END_DROP;
    const char *sentence = is_cut ? "Without QUIT there is no UPDATE state, and nothing is removed."
                                  : "QUIT removed what was marked then; RSET takes marks away.";
    number_set_steps(
        part,
        story->left,
        "the UPDATE state",
        EXERCISE_RFC(1939, "6"),
        is_cut ? sentence : "it was not marked when QUIT came."
    );
    part->extra = is_cut
                      ? "There is no such message in the LIST above."
                      : "It was marked when QUIT came, so QUIT removed it; a mark that RSET took "
                        "away can be set again.";
    exercise_part_mistake(
        part,
        "marks count without QUIT",
        unmarked,
        "The marked messages were taken as gone.",
        sentence
    );
    exercise_part_mistake(
        part, "nothing removed", everything, "Nothing was taken as gone.", sentence
    );
    exercise_part_mistake(
        part, "the removed ones", removed, "Those are the ones that went.", sentence
    );
}

/* "+OK 3 240": how many are not marked. */
static void ask_stat(Exercise *exercise, const Story *story)
{
    g_auto(GStrv) words = g_strsplit(story->stat, " ", -1);
    g_assert(g_strv_length(words) >= 3);
    g_autofree char *all = g_strdup_printf("%u", story->n_messages);
    ExercisePart *count = exercise_ask(
        exercise,
        ANSWER_NUMBER,
        words[1],
        "If STAT had been said just before the end: how many messages would it have told?"
    );
    exercise_part_whole(
        count,
        "STAT leaves marked messages out",
        EXERCISE_RFC(1939, "5"),
        "STAT counts what is not marked as deleted: %s.",
        words[1]
    );
    exercise_part_mistake(
        count,
        "counted the marked ones",
        all,
        "Marked messages were counted too.",
        "STAT leaves them out."
    );
}

static void free_story(Story *story)
{
    for (guint i = 0; i < story->n_messages; i++) {
        g_free(story->messages[i]);
    }
    g_free(story->stat);
    g_string_free(story->transcript, TRUE);
}

void exercise_make_pop3_state(Exercise *exercise)
{
    Story story = {
        .transcript = g_string_new(NULL),
        .end = exercise->level == 1 ? END_QUIT : exercise_below(exercise, N_ENDS),
    };
    make_messages(exercise, &story);
    play(exercise, &story);
    exercise_say(exercise, "This is what client and server said.");
    exercise_show(exercise, story.transcript->str);
    ask_left(exercise, &story);
    if (exercise->level >= 2) {
        ask_stat(exercise, &story);
    }
    exercise_set_hint(
        exercise,
        "DELE only marks. RSET takes all marks away. QUIT removes; a cut connection does not."
    );
    exercise_set_try(exercise, "mailwalk rfc pop3 update");
    free_story(&story);
}
