#pragma once

/* All TCP connections of a world by host, addresses and ports, and the short records that are left
 * of those in TIME-WAIT: full connections would be many times their size. */

#include "sim/network/address.h"
#include "sim/network/host.h"
#include "sim/network/world-private.h"

typedef struct {
    SimHost *host;
    SimAddress local;
    SimAddress remote;
    guint16 local_port;
    guint16 remote_port;
} TcpKey;

typedef struct TcpEntry {
    struct TcpEntry *next_in_bucket;
    TcpKey key;
    guint32 hash;
    bool is_time_wait;
} TcpEntry;

typedef struct TimeWait {
    TcpEntry entry;
    struct TimeWait *next;
    struct TimeWait *previous;
    SimTime began;
    SimTime due;
    guint64 number;
    guint32 send_next;
    guint32 receive_next;
    guint32 timestamp_recent;
    guint32 timestamp_offset;
    guint16 window;
    bool has_timestamps;
} TimeWait;

TcpTable *tcp_table_new(SimWorld *world);
void tcp_table_free(TcpTable *table); /* and every connection in it */

TcpEntry *tcp_table_find(const TcpTable *table, const TcpKey *key);
void tcp_table_add(TcpTable *table, TcpEntry *entry);
void tcp_table_remove(TcpTable *table, TcpEntry *entry);
gsize tcp_table_count(const TcpTable *table);

/* What is left of a connection, for twice the lifetime of a segment. */
void tcp_table_wait(TcpTable *table, const TimeWait *record, SimTime duration);
void tcp_table_wait_again(TcpTable *table, TimeWait *record, SimTime duration);
void tcp_table_end_wait(TcpTable *table, TimeWait *record);
void tcp_table_forget_waits_of(TcpTable *table, const SimHost *host);
