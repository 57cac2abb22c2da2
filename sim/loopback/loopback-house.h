#pragma once

/* The servers of one organisation of a scenario on real ports of this machine, for mail programs
 * that people use. The rest of the scenario's world goes on beside it, its clock the real one: mail
 * for another organisation travels there, and the people of all of them can fetch theirs here.
 *
 *     real client ─ port 2525 ─> TransferAgent ─┬─> store <─ sessions ─ port 1110 ─ real client
 *                                               └─> simulated network ─> other servers
 */

#include "sim/loopback/loopback-server.h"
#include "sim/scenario/scenario-run.h"

#define LOOPBACK_PORT_OFF (-1)

typedef enum {
    LOOPBACK_SMTP,
    LOOPBACK_SUBMISSION,
    LOOPBACK_POP3,
    LOOPBACK_IMAP,
    LOOPBACK_HTTP,
    LOOPBACK_DNS,
    N_LOOPBACK_PORTS,
} LoopbackPort;

typedef struct {
    const char *name;     /* "SMTP" */
    const char *option;   /* "smtp" */
    const char *protocol; /* what is spoken there, as the dissector calls it */
    guint16 usual;        /* 2525 */
    guint16 well_known;   /* 25 */
} LoopbackPortRow;

extern const LoopbackPortRow loopback_ports[N_LOOPBACK_PORTS];

/* Extensions that are not offered: bits of the engines' offers. */
typedef struct {
    guint32 smtp;
    guint32 pop3;
    guint32 imap;
} LoopbackWithout;

typedef struct {
    const Scenario *scenario;
    guint organisation;           /* whose server answers: its place in the scenario */
    const char *address;          /* "127.0.0.1" */
    gint ports[N_LOOPBACK_PORTS]; /* 0: a free one is chosen; LOOPBACK_PORT_OFF */
    const char *maildir;          /* mail is kept in this folder; NULL: in memory */
    guint64 quota;                /* octets of each mailbox; 0: no limit */
    SimTime silence;              /* of a client before it is hung up on; 0: as the RFCs have it,
                                   * SIM_TIME_NEVER: never */
    LoopbackWithout without;
    bool may_relay;         /* clients here may send to other organisations */
    guint64 secret;         /* nobody may guess it: cookies are made from it */
    LoopbackFrames *frames; /* NULL: none are made */
    const ScenarioObserver *observer;
} LoopbackHouseOptions;

typedef struct LoopbackHouse LoopbackHouse;

/* The scenario, the frames and the observer outlive the house. Errors of a port say which. */
LoopbackHouse *loopback_house_new(const LoopbackHouseOptions *options, GError **error);

/* Closes all connections; what was accepted is in the store or the queue. */
void loopback_house_free(LoopbackHouse *house);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoopbackHouse, loopback_house_free)

/* A message that lies in somebody's INBOX before anyone comes; 'seconds' since 1970. */
bool loopback_house_deliver(
    LoopbackHouse *house, const char *address, GBytes *octets, gint64 seconds, GError **error
);

guint16 loopback_house_port(const LoopbackHouse *house, LoopbackPort port); /* 0: off */
const char *loopback_house_host_name(const LoopbackHouse *house);
/* The simulated host that has this address; NULL: none. 'octets' are 4 or 16. */
const char *loopback_house_name_of(const LoopbackHouse *house, const guint8 *octets, gsize length);
guint loopback_house_waiting(const LoopbackHouse *house); /* messages in the queue */
guint loopback_house_connections(const LoopbackHouse *house);
