#include "exercises/kinds/script.h"

static const ScriptRoleRow role_rows[N_SCRIPT_ROLES] = {
    {
        .role = SCRIPT_GREETING,
        .sentence = "The server speaks first: a greeting opens the session.",
        .reference = {5321, "4.3.1"},
    },
    {
        .role = SCRIPT_HELLO,
        .sentence = "The client names itself before anything else.",
        .reference = {5321, "4.1.1.1"},
    },
    {
        .role = SCRIPT_HELLO_REPLY,
        .sentence = "The server answers with 250 and its own name.",
        .reference = {5321, "4.1.1.1"},
    },
    {
        .role = SCRIPT_EXTENSION,
        .sentence =
            "In a reply of several lines every line but the last has a hyphen behind the code.",
        .reference = {5321, "4.2.1"},
    },
    {
        .role = SCRIPT_MAIL,
        .sentence = "MAIL opens the transaction and names the sender, in < and >.",
        .reference = {5321, "4.1.1.2"},
    },
    {
        .role = SCRIPT_MAIL_REPLY,
        .sentence = "250: the sender is accepted.",
        .reference = {5321, "3.3"},
    },
    {
        .role = SCRIPT_RCPT,
        .sentence = "RCPT names one recipient; it comes after MAIL, once for each.",
        .reference = {5321, "4.1.1.3"},
    },
    {
        .role = SCRIPT_RCPT_REPLY,
        .sentence = "250: this recipient is accepted.",
        .reference = {5321, "3.3"},
    },
    {
        .role = SCRIPT_RCPT_REFUSED,
        .sentence =
            "550: this mailbox does not exist here; the transaction goes on with the others.",
        .reference = {5321, "3.3"},
    },
    {
        .role = SCRIPT_DATA,
        .sentence = "DATA comes after at least one recipient was accepted.",
        .reference = {5321, "4.1.1.4"},
    },
    {
        .role = SCRIPT_DATA_REPLY,
        .sentence = "354: the client may send the message now.",
        .reference = {5321, "4.1.1.4"},
    },
    {
        .role = SCRIPT_BODY,
        .sentence = "The message is sent after 354: header, empty line, body.",
        .reference = {5321, "4.1.1.4"},
    },
    {
        .role = SCRIPT_DOT,
        .sentence = "A line with a single dot ends the message.",
        .reference = {5321, "4.1.1.4"},
    },
    {
        .role = SCRIPT_DOT_REPLY,
        .sentence = "250: the server answers for the message from now on.",
        .reference = {5321, "4.1.1.4"},
    },
    {
        .role = SCRIPT_QUIT,
        .sentence = "QUIT ends the session.",
        .reference = {5321, "4.1.1.10"},
    },
    {
        .role = SCRIPT_QUIT_REPLY,
        .sentence = "221: the server says goodbye and closes the connection.",
        .reference = {5321, "4.1.1.10"},
    },
    {
        .role = SCRIPT_USER,
        .sentence = "USER names the mailbox; it is the first command of this log-in.",
        .reference = {1939, "7"},
    },
    {
        .role = SCRIPT_USER_REPLY,
        .sentence = "+OK: the server waits for the password.",
        .reference = {1939, "7"},
    },
    {
        .role = SCRIPT_PASS,
        .sentence = "PASS comes right after a USER that was answered with +OK.",
        .reference = {1939, "7"},
    },
    {
        .role = SCRIPT_PASS_REPLY,
        .sentence = "+OK: the session is in the TRANSACTION state now.",
        .reference = {1939, "4"},
    },
    {
        .role = SCRIPT_LIST,
        .sentence = "LIST works in the TRANSACTION state, after the log-in.",
        .reference = {1939, "5"},
    },
    {
        .role = SCRIPT_LIST_REPLY,
        .sentence = "+OK: a line for each message follows.",
        .reference = {1939, "5"},
    },
    {
        .role = SCRIPT_LIST_LINE,
        .sentence = "One line for each message: its number and its size.",
        .reference = {1939, "5"},
    },
    {
        .role = SCRIPT_LIST_END,
        .sentence = "An answer of several lines is closed by a line with a single dot.",
        .reference = {1939, "3"},
    },
    {
        .role = SCRIPT_RETR,
        .sentence = "RETR fetches a message by its number, in the TRANSACTION state.",
        .reference = {1939, "5"},
    },
    {
        .role = SCRIPT_RETR_REPLY,
        .sentence = "+OK: the message follows.",
        .reference = {1939, "5"},
    },
    {
        .role = SCRIPT_RETR_END,
        .sentence = "The message is closed by a line with a single dot.",
        .reference = {1939, "3"},
    },
    {
        .role = SCRIPT_DELE,
        .sentence = "DELE marks a message; a careful client has fetched it before.",
        .reference = {1939, "5"},
    },
    {
        .role = SCRIPT_DELE_REPLY,
        .sentence = "+OK: the message is marked; QUIT will remove it.",
        .reference = {1939, "5"},
    },
};

const ScriptRoleRow *script_role_row(ScriptRole role)
{
    g_assert(role_rows[role].role == role);
    return &role_rows[role];
}

static void clear_line(gpointer data)
{
    g_free(((ScriptLine *)data)->text);
}

static Script *script_new(Exercise *exercise)
{
    Script *script = g_new0(Script, 1);
    script->lines = g_array_new(FALSE, TRUE, sizeof(ScriptLine));
    g_array_set_clear_func(script->lines, clear_line);
    exercise_people(exercise, script->people, G_N_ELEMENTS(script->people));
    return script;
}

void script_free(Script *script)
{
    if (script != NULL) {
        g_array_unref(script->lines);
        exercise_people_clear(script->people, G_N_ELEMENTS(script->people));
        g_free(script);
    }
}

ScriptLine *script_line(const Script *script, gsize index)
{
    return &g_array_index(script->lines, ScriptLine, index);
}

gssize script_find(const Script *script, ScriptRole role)
{
    for (guint i = 0; i < script->lines->len; i++) {
        if (script_line(script, i)->role == role) {
            return i;
        }
    }
    return -1;
}

void script_insert(Script *script, gsize index, ScriptRole role, bool is_client, char *text)
{
    ScriptLine line = {.role = role, .is_client = is_client, .text = text};
    g_array_insert_val(script->lines, (guint)index, line);
}

void script_remove(Script *script, gsize index)
{
    g_array_remove_index(script->lines, (guint)index);
}

void script_move(Script *script, gsize from, gsize to)
{
    ScriptLine line = *script_line(script, from);
    line.text = g_strdup(line.text);
    script_remove(script, from);
    g_array_insert_val(script->lines, (guint)to, line);
}

static void G_GNUC_PRINTF(4, 5)
    add(Script *script, ScriptRole role, bool is_client, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    script_insert(script, script->lines->len, role, is_client, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static void add_hello(Exercise *exercise, Script *script, const ScriptOptions *options)
{
    g_autofree char *server = exercise_host_name(exercise, script->people[1].domain);
    const ExercisePerson *sender = &script->people[0];
    add(script, SCRIPT_GREETING, false, "220 %s ESMTP", server);
    add(script,
        SCRIPT_HELLO,
        true,
        "%s pc%u.%s",
        options->is_extended ? "EHLO" : "HELO",
        exercise_between(exercise, 1, 99),
        sender->domain);
    if (options->is_extended) {
        add(script, SCRIPT_HELLO_REPLY, false, "250-%s", server);
        add(script, SCRIPT_EXTENSION, false, "250-PIPELINING");
        add(script,
            SCRIPT_EXTENSION,
            false,
            "250 SIZE %u",
            exercise_between(exercise, 10, 50) * 1000000);
    } else {
        add(script, SCRIPT_HELLO_REPLY, false, "250 %s", server);
    }
}

static void add_body(Exercise *exercise, Script *script)
{
    g_autofree char *subject = exercise_subject(exercise);
    g_autofree char *sentence = exercise_sentence(exercise);
    add(script, SCRIPT_BODY, true, "From: %s", script->people[0].address);
    add(script, SCRIPT_BODY, true, "To: %s", script->people[1].address);
    add(script, SCRIPT_BODY, true, "Subject: %s", subject);
    add(script, SCRIPT_BODY, true, "%s", "");
    add(script, SCRIPT_BODY, true, "%s", sentence);
}

Script *script_new_smtp(Exercise *exercise, const ScriptOptions *options)
{
    Script *script = script_new(exercise);
    add_hello(exercise, script, options);
    add(script, SCRIPT_MAIL, true, "MAIL FROM:<%s>", script->people[0].address);
    add(script, SCRIPT_MAIL_REPLY, false, "250 2.1.0 Sender ok");
    for (guint i = 0; i < options->n_recipients; i++) {
        bool is_refused = options->refuses_one && i + 1 == options->n_recipients;
        const char *path = script->people[1 + i].address;
        add(script, SCRIPT_RCPT, true, "RCPT TO:<%s>", path);
        if (is_refused) {
            add(script, SCRIPT_RCPT_REFUSED, false, "550 5.1.1 No such user: %s", path);
        } else {
            add(script, SCRIPT_RCPT_REPLY, false, "250 2.1.5 Recipient ok: %s", path);
        }
    }
    add(script, SCRIPT_DATA, true, "DATA");
    add(script, SCRIPT_DATA_REPLY, false, "354 End with a line of a single dot");
    if (options->has_body) {
        add_body(exercise, script);
    }
    g_autofree char *id = exercise_queue_id(exercise);
    add(script, SCRIPT_DOT, true, ".");
    add(script, SCRIPT_DOT_REPLY, false, "250 2.0.0 Queued as %s", id);
    add(script, SCRIPT_QUIT, true, "QUIT");
    add(script, SCRIPT_QUIT_REPLY, false, "221 2.0.0 Goodbye");
    return script;
}

/* LIST and RETR tell the size of the message with all its line ends. */
static guint message_size(const char *sender, const char *sentence)
{
    return (guint)(strlen("From: \r\n\r\n\r\n") + strlen(sender) + strlen(sentence));
}

Script *script_new_pop3(Exercise *exercise, bool has_lines)
{
    Script *script = script_new(exercise);
    const ExercisePerson *reader = &script->people[0];
    g_autofree char *password = exercise_password(exercise);
    guint sizes[2] = {exercise_between(exercise, 200, 900), exercise_between(exercise, 901, 4000)};
    guint which = exercise_between(exercise, 1, 2);
    g_autofree char *sentence = exercise_sentence(exercise);
    if (has_lines) {
        sizes[which - 1] = message_size(script->people[1].address, sentence);
    }
    add(script, SCRIPT_GREETING, false, "+OK POP3 server of %s ready", reader->domain);
    add(script, SCRIPT_USER, true, "USER %s", reader->login);
    add(script, SCRIPT_USER_REPLY, false, "+OK Password, please");
    add(script, SCRIPT_PASS, true, "PASS %s", password);
    add(script, SCRIPT_PASS_REPLY, false, "+OK Mailbox open");
    add(script, SCRIPT_LIST, true, "LIST");
    add(script, SCRIPT_LIST_REPLY, false, "+OK 2 messages, %u octets", sizes[0] + sizes[1]);
    for (guint i = 0; has_lines && i < 2; i++) {
        add(script, SCRIPT_LIST_LINE, false, "%u %u", i + 1, sizes[i]);
    }
    if (has_lines) {
        add(script, SCRIPT_LIST_END, false, ".");
    }
    add(script, SCRIPT_RETR, true, "RETR %u", which);
    add(script, SCRIPT_RETR_REPLY, false, "+OK %u octets", sizes[which - 1]);
    if (has_lines) {
        add(script, SCRIPT_BODY, false, "From: %s", script->people[1].address);
        add(script, SCRIPT_BODY, false, "%s", "");
        add(script, SCRIPT_BODY, false, "%s", sentence);
        add(script, SCRIPT_RETR_END, false, ".");
    }
    add(script, SCRIPT_DELE, true, "DELE %u", which);
    add(script, SCRIPT_DELE_REPLY, false, "+OK Message %u is marked", which);
    add(script, SCRIPT_QUIT, true, "QUIT");
    add(script, SCRIPT_QUIT_REPLY, false, "+OK Goodbye");
    return script;
}

char *script_text(const Script *script, bool with_numbers)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < script->lines->len; i++) {
        const ScriptLine *line = script_line(script, i);
        if (with_numbers) {
            g_string_append_printf(text, "%2u  ", i + 1);
        }
        g_string_append_printf(text, "%s %s\n", line->is_client ? "C:" : "S:", line->text);
    }
    return g_string_free(text, FALSE);
}
