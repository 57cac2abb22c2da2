#include "sim/network/tcp-private.h"

static const struct {
    SimTcpState id;
    const char *name;
} states[] = {
    {.id = SIM_TCP_CLOSED, .name = "CLOSED"},
    {.id = SIM_TCP_LISTEN, .name = "LISTEN"},
    {.id = SIM_TCP_SYN_SENT, .name = "SYN-SENT"},
    {.id = SIM_TCP_SYN_RECEIVED, .name = "SYN-RECEIVED"},
    {.id = SIM_TCP_ESTABLISHED, .name = "ESTABLISHED"},
    {.id = SIM_TCP_FIN_WAIT_1, .name = "FIN-WAIT-1"},
    {.id = SIM_TCP_FIN_WAIT_2, .name = "FIN-WAIT-2"},
    {.id = SIM_TCP_CLOSE_WAIT, .name = "CLOSE-WAIT"},
    {.id = SIM_TCP_CLOSING, .name = "CLOSING"},
    {.id = SIM_TCP_LAST_ACK, .name = "LAST-ACK"},
    {.id = SIM_TCP_TIME_WAIT, .name = "TIME-WAIT"},
};

static const struct {
    SimTcpError id;
    const char *name;
} errors[] = {
    {.id = SIM_TCP_ERROR_NONE, .name = "no error"},
    {.id = SIM_TCP_ERROR_REFUSED, .name = "connection refused"},
    {.id = SIM_TCP_ERROR_UNREACHABLE, .name = "destination unreachable"},
    {.id = SIM_TCP_ERROR_TIMED_OUT, .name = "connection timed out"},
    {.id = SIM_TCP_ERROR_RESET, .name = "connection reset"},
    {.id = SIM_TCP_ERROR_ABORTED, .name = "connection aborted"},
};

const char *sim_tcp_state_name(SimTcpState state)
{
    g_assert((gsize)state < G_N_ELEMENTS(states) && states[state].id == state);
    return states[state].name;
}

const char *sim_tcp_error_name(SimTcpError error)
{
    g_assert((gsize)error < G_N_ELEMENTS(errors) && errors[error].id == error);
    return errors[error].name;
}

void tcp_emit_state(
    SimHost *host, const TcpEntry *entry, guint64 number, SimTcpState before, SimTcpState after
)
{
    if (!sim_world_is_observed(host->world)) {
        return;
    }
    char local[SIM_ADDRESS_TEXT_SIZE];
    char remote[SIM_ADDRESS_TEXT_SIZE];
    sim_address_format(&entry->key.local, local);
    sim_address_format(&entry->key.remote, remote);
    g_autofree char *local_end = g_strdup_printf("%s port %u", local, entry->key.local_port);
    g_autofree char *remote_end = g_strdup_printf("%s port %u", remote, entry->key.remote_port);
    g_autofree char *text = g_strdup_printf(
        "%s: TCP connection with %s: %s -> %s",
        host->name,
        remote_end,
        sim_tcp_state_name(before),
        sim_tcp_state_name(after)
    );
    WorldEventField fields[] = {
        {.name = "local", .value = local_end},
        {.name = "remote", .value = remote_end},
        {.name = "before", .value = sim_tcp_state_name(before)},
        {.name = "after", .value = sim_tcp_state_name(after)},
    };
    sim_world_emit_event(
        host->world,
        (WorldEvent){
            .kind = WORLD_EVENT_TCP_STATE,
            .host = host,
            .connection = number,
            .text = text,
            .fields = fields,
            .field_count = G_N_ELEMENTS(fields),
        }
    );
}

void tcp_emit(SimTcp *tcp, WorldEventKind kind, guint64 frame, const char *field, const char *value)
{
    SimHost *host = tcp->entry.key.host;
    if (!sim_world_is_observed(host->world)) {
        return;
    }
    char remote[SIM_ADDRESS_TEXT_SIZE];
    g_autofree char *text = g_strdup_printf(
        "%s: TCP connection with %s port %u: %s",
        host->name,
        sim_address_format(&tcp->entry.key.remote, remote),
        tcp->entry.key.remote_port,
        value
    );
    WorldEventField fields[] = {{.name = field, .value = value}};
    sim_world_emit_event(
        host->world,
        (WorldEvent){
            .kind = kind,
            .host = host,
            .connection = tcp->number,
            .frame = frame,
            .text = text,
            .fields = fields,
            .field_count = G_N_ELEMENTS(fields),
        }
    );
}
