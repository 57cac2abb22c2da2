#pragma once

/* A dialogue to be put in order, filled in or harmed: lines with what each of them is. SMTP or
 * POP3, made of people and luck. Tests play the client's lines to the engines and compare the
 * codes. */

#include "exercises/exercise-maker.h"

typedef enum {
    SCRIPT_GREETING,
    SCRIPT_HELLO,
    SCRIPT_HELLO_REPLY,
    SCRIPT_EXTENSION, /* further lines of the reply to EHLO */
    SCRIPT_MAIL,
    SCRIPT_MAIL_REPLY,
    SCRIPT_RCPT,
    SCRIPT_RCPT_REPLY,
    SCRIPT_RCPT_REFUSED,
    SCRIPT_DATA,
    SCRIPT_DATA_REPLY,
    SCRIPT_BODY,
    SCRIPT_DOT,
    SCRIPT_DOT_REPLY,
    SCRIPT_QUIT,
    SCRIPT_QUIT_REPLY,
    SCRIPT_USER,
    SCRIPT_USER_REPLY,
    SCRIPT_PASS,
    SCRIPT_PASS_REPLY,
    SCRIPT_LIST,
    SCRIPT_LIST_REPLY,
    SCRIPT_LIST_LINE,
    SCRIPT_LIST_END,
    SCRIPT_RETR,
    SCRIPT_RETR_REPLY,
    SCRIPT_RETR_END,
    SCRIPT_DELE,
    SCRIPT_DELE_REPLY,
    N_SCRIPT_ROLES,
} ScriptRole;

typedef struct {
    ScriptRole role;
    bool is_client;
    char *text;
} ScriptLine;

typedef struct {
    ScriptRole role;
    const char *sentence; /* why it stands where it stands, and what it says */
    RfcReference reference;
} ScriptRoleRow;

typedef struct {
    GArray *lines; /* ScriptLine */
    ExercisePerson people[3];
} Script;

typedef struct {
    bool is_extended;   /* EHLO, with a reply of several lines */
    guint n_recipients; /* 1 or 2 */
    bool refuses_one;   /* the last recipient does not exist */
    bool has_body;      /* the message's lines are shown */
} ScriptOptions;

Script *script_new_smtp(Exercise *exercise, const ScriptOptions *options);
Script *script_new_pop3(Exercise *exercise, bool has_lines);
void script_free(Script *script);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Script, script_free)

const ScriptRoleRow *script_role_row(ScriptRole role);
ScriptLine *script_line(const Script *script, gsize index);
gssize script_find(const Script *script, ScriptRole role); /* the first; -1: none */
void script_insert(Script *script, gsize index, ScriptRole role, bool is_client, char *text);
void script_remove(Script *script, gsize index);
void script_move(Script *script, gsize from, gsize to);

/* "C: EHLO ..." lines; with numbers where asked for. */
char *script_text(const Script *script, bool with_numbers);
