#pragma once

/* A scenario file as read: who and what there is, and the story in order. Plain text, one statement
 * a line; '#' begins a comment; texts stand in quotes; indentation does not matter, but lines that
 * begin with '|' belong to the statement above them. A mistake names file, line and column, and the
 * nearest right word. scenario-statement.h has the table of all statements.
 *
 *     title "Alice sends Bob a message"
 *     organisation crepes.fr
 *       person alice "Alice" password yummy machine alice-laptop
 *     chapter "Alice writes"
 *       alice writes to bob@hamburger.edu, subject "Ketchup", body "Do you like ketchup?"
 */

#include "sim/network/link.h"

#include <glib.h>
#include <stdbool.h>

#define SCENARIO_ERROR scenario_error_quark()
GQuark scenario_error_quark(void);

typedef enum {
    SCENARIO_ERROR_SYNTAX,
    SCENARIO_ERROR_FILE,
} ScenarioError;

/* --- who and what there is --- */

#define SCENARIO_NO_SERVER G_MAXUINT

typedef struct {
    char *login; /* "alice"; also the word for her in the story */
    char *name;  /* "Alice" */
    char *password;
    char *machine;      /* the first of her machines; NULL: none */
    char *address;      /* "alice@crepes.fr" */
    guint organisation; /* index */
    guint server;       /* index; where her mailbox is; or SCENARIO_NO_SERVER */
    guint device;       /* index of the first machine */
    guint64 quota;      /* octets; 0: no limit */
} ScenarioPerson;

/* A mail program on a machine. */
typedef struct {
    char *machine;
    guint person;
} ScenarioDevice;

/* One setting of a mail server, its words as they stood; scenario-settings.h knows what for. */
typedef struct {
    guint id; /* ScenarioSettingId */
    guint line;
    gint64 numbers[3];
    char *text;
    GStrv list;
} ScenarioSetting;

typedef struct {
    char *name; /* "mail.crepes.fr" */
    guint organisation;
    GArray *settings; /* ScenarioSetting */
} ScenarioServer;

typedef struct {
    char *domain;
    char *server; /* host name of its first mail server: "mail.crepes.fr" unless said otherwise */
    guint first_server;
    bool has_server;      /* a server was named, or the default one is meant */
    bool has_exchangers;  /* it has MX records of its own choosing, or wants none */
    SimLinkSettings link; /* its network */
} ScenarioOrganisation;

/* A machine that is no mail server and nobody's own. */
typedef struct {
    char *name;
    char *address; /* NULL: the next one */
    guint organisation;
} ScenarioHost;

typedef struct {
    char *zone;
    char *owner;
    char *type;
    char *data;
    guint32 ttl; /* 0: the zone's */
    guint line;
} ScenarioRecord;

/* --- the story --- */

typedef struct {
    char *name;
    guint64 size; /* octets of made content; 0: as much as is usual */
    char *text;   /* the content itself; NULL: made up */
} ScenarioAttachment;

typedef struct {
    char *to;
    char *cc;
    char *bcc;
    char *subject;
    char *body;
    char *html;
    char *from;
    char *reverse_path;
    GArray *attachments; /* ScenarioAttachment */
    bool as_8bit;
    bool as_utf8;
} ScenarioMail;

typedef enum {
    SCENARIO_CHAPTER,  /* text, note */
    SCENARIO_WAITS,    /* time */
    SCENARIO_TELLS,    /* text; other: the host, or NULL */
    SCENARIO_HOST,     /* text: the host; is_up */
    SCENARIO_LINK,     /* text: the organisation; link */
    SCENARIO_WRITES,   /* mail */
    SCENARIO_SENDS,    /* sending */
    SCENARIO_REPLIES,  /* number, mail.body, SCENARIO_TO_ALL */
    SCENARIO_FORWARDS, /* number, mail.to, mail.body, SCENARIO_AS_ATTACHMENT */
    SCENARIO_FETCHES,  /* text: "pop3", "imap"; flags */
    SCENARIO_READS,    /* number; text: the folder */
    SCENARIO_FILES,    /* number; text, other: from and to */
    SCENARIO_DELETES,  /* number; text: the folder */
    SCENARIO_TYPES,    /* text: the host, port, lines */
    SCENARIO_LEAVES,   /* text: for whom; mail: a message in a mailbox of the same machine */
    SCENARIO_LOOKS,    /* text: at whose mailbox file */
    SCENARIO_ASKS,     /* text: the name, other: the type */
    SCENARIO_CREATES,  /* text: the folder */
    SCENARIO_FLAGS,    /* number; text: the flag; SCENARIO_REMOVES */
    SCENARIO_SEARCHES, /* text */
    SCENARIO_DIGEST,   /* text: the list's address */
    SCENARIO_EXPECTS,  /* expectation, text, other, number */
    N_SCENARIO_ACTIONS,
} ScenarioActionKind;

typedef enum {
    SCENARIO_NOW,       /* when what was before it is over */
    SCENARIO_AT,        /* time of day */
    SCENARIO_AFTER,     /* so much later */
    SCENARIO_MEANWHILE, /* so much later, while the next deeds go on */
} ScenarioWhen;

typedef enum {
    SCENARIO_DELETING = 1u << 0,
    SCENARIO_WITH_APOP = 1u << 1,
    SCENARIO_WITHOUT_ATTACHMENTS = 1u << 2,
    SCENARIO_HEADERS_ONLY = 1u << 3,
    SCENARIO_TO_ALL = 1u << 4,
    SCENARIO_AS_ATTACHMENT = 1u << 5,
    SCENARIO_REMOVES = 1u << 6,
    SCENARIO_BY_SUBMISSION = 1u << 7,
    SCENARIO_BY_WEBMAIL = 1u << 8,
    SCENARIO_BY_IMAP = 1u << 9,
    SCENARIO_LOCALLY = 1u << 10,
    SCENARIO_PIPELINED = 1u << 11,
    SCENARIO_CHUNKED = 1u << 12,
    SCENARIO_WITH_HELO = 1u << 13,
    SCENARIO_ONE_BY_ONE = 1u << 14,
    SCENARIO_NOT = 1u << 15, /* an expectation turned round */
    SCENARIO_WITH_CAPABILITIES = 1u << 16,
    SCENARIO_WHOLE_HEADER = 1u << 17,
} ScenarioFlag;

typedef enum {
    SCENARIO_EXPECT_PERSON,  /* number of messages that the machine keeps; other: the folder */
    SCENARIO_EXPECT_MAILBOX, /* text: an address; number */
    SCENARIO_EXPECT_QUEUE,   /* text: a server; number */
    SCENARIO_EXPECT_CODE,    /* text: a reply code that was said */
    SCENARIO_EXPECT_SAID,    /* text: octets that passed */
    SCENARIO_EXPECT_EVENT,   /* text: in a world event */
    SCENARIO_EXPECT_HOLDS,   /* number: which message, text: what is in it, other: the folder */
} ScenarioExpectation;

typedef struct {
    ScenarioActionKind kind;
    guint line;
    ScenarioWhen when;
    SimTime time;
    guint person; /* deeds: who */
    guint device; /* and with which machine */
    char *text;
    char *other;
    char *note; /* of a chapter, its questions and references with it */
    GStrv lines;
    ScenarioMail *mail;
    guint number; /* of a message, 0: the newest; or how many */
    guint flags;  /* ScenarioFlag bits */
    guint16 port;
    bool is_up;
    ScenarioExpectation expectation;
    SimLinkSettings link;
} ScenarioAction;

typedef struct {
    char *name; /* "alice-to-bob" */
    char *file; /* as it was given: mistakes are located with it */
    char *title;
    char *about;
    char *lectures;        /* "1, 3, 4" */
    char *references;      /* "RFC 5321, RFC 5322"; NULL: none */
    GArray *organisations; /* ScenarioOrganisation */
    GArray *servers;       /* ScenarioServer */
    GArray *hosts;         /* ScenarioHost */
    GArray *people;        /* ScenarioPerson */
    GArray *devices;       /* ScenarioDevice */
    GArray *records;       /* ScenarioRecord */
    GArray *actions;       /* ScenarioAction */
    bool has_backbone;
    SimLinkSettings backbone;
    guint64 seed;
    SimTime start; /* time of day; -1: 09:00 */
    guint lines;   /* of its text */
} Scenario;

/* 'name' is shown in errors and becomes the scenario's name. */
Scenario *scenario_parse(const char *name, const char *text, GError **error);
Scenario *scenario_load(const char *path, GError **error);

/* A file may be without a mistake and yet tell nothing: what it lacks, "story:7: ...", is said by
 * an error. */
bool scenario_is_story(const Scenario *scenario, GError **error);
void scenario_free(Scenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)

/* One deed of the story, as a scenario file writes it: "bob fetches by pop3 and keeps". NULL: it
 * is none, or none of these people. */
ScenarioAction *scenario_parse_deed(const Scenario *scenario, const char *text, GError **error);
void scenario_deed_free(ScenarioAction *deed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScenarioAction, scenario_deed_free)

const ScenarioOrganisation *scenario_organisation(const Scenario *scenario, guint index);
const ScenarioServer *scenario_server(const Scenario *scenario, guint index);
const ScenarioPerson *scenario_person(const Scenario *scenario, guint index);
const ScenarioDevice *scenario_device(const Scenario *scenario, guint index);

/* Index by name; -1: there is none. */
int scenario_find_person(const Scenario *scenario, const char *login);
int scenario_find_server(const Scenario *scenario, const char *name);
int scenario_find_organisation(const Scenario *scenario, const char *domain);
