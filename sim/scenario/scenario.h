#pragma once

/* A scenario file as read: who and what there is, and the story in order. Plain text, one statement
 * a line; '#' begins a comment; texts stand in quotes; indentation does not matter. A mistake names
 * file, line and column, and the nearest right word.
 *
 *     title "Alice sends Bob a message"
 *     organisation crepes.fr
 *       person alice "Alice" password yummy machine alice-laptop
 *     chapter "Alice writes"
 *       alice writes to bob@hamburger.edu, subject "Ketchup", body "Do you like ketchup?"
 */

#include "sim/network/time.h"

#include <glib.h>
#include <stdbool.h>

#define SCENARIO_ERROR scenario_error_quark()
GQuark scenario_error_quark(void);

typedef enum {
    SCENARIO_ERROR_SYNTAX,
    SCENARIO_ERROR_FILE,
} ScenarioError;

typedef struct {
    char *login; /* "alice"; also the word for her in the story */
    char *name;  /* "Alice" */
    char *password;
    char *machine;      /* NULL: none in the simulated world; only a mailbox */
    char *address;      /* "alice@crepes.fr" */
    guint organisation; /* index */
} ScenarioPerson;

typedef struct {
    char *domain;
    char *server; /* host name of its mail server: "mail.crepes.fr" unless said otherwise */
} ScenarioOrganisation;

typedef enum {
    SCENARIO_CHAPTER, /* text, note */
    SCENARIO_WRITES,  /* person; to, subject, body */
    SCENARIO_SENDS,   /* person */
    SCENARIO_FETCHES, /* person; deletes */
    SCENARIO_WAITS,   /* time: how long */
    SCENARIO_AT,      /* time: until that time of the clock */
    SCENARIO_HOST,    /* text: the host; is_up */
} ScenarioActionKind;

typedef struct {
    ScenarioActionKind kind;
    guint line;
    guint person;
    char *text;
    char *note;
    char *to;
    char *subject;
    char *body;
    bool deletes;
    bool is_up;
    SimTime time;
} ScenarioAction;

typedef struct {
    char *name; /* "alice-to-bob" */
    char *title;
    char *about;
    char *lectures;        /* "1, 3, 4" */
    GArray *organisations; /* ScenarioOrganisation */
    GArray *people;        /* ScenarioPerson */
    GArray *actions;       /* ScenarioAction */
    guint64 seed;
} Scenario;

/* 'name' is shown in errors and becomes the scenario's name. */
Scenario *scenario_parse(const char *name, const char *text, GError **error);
Scenario *scenario_load(const char *path, GError **error);
void scenario_free(Scenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)

/* One deed of the story, as a scenario file writes it: "bob fetches by pop3 and keeps". NULL: it
 * is none, or none of these people. */
ScenarioAction *scenario_parse_deed(const Scenario *scenario, const char *text, GError **error);
void scenario_deed_free(ScenarioAction *deed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScenarioAction, scenario_deed_free)
