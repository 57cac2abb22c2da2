#include "sim/agent/agent-prompter.h"

void agent_prompter_set(SimWorld *world, const AgentPrompter *prompter)
{
    sim_world_set_data(world, (gpointer)prompter);
}

static const AgentPrompter *prompter_of(const SimTcp *tcp)
{
    return sim_world_data(sim_host_world(sim_tcp_host(tcp)));
}

void agent_prompt_smtp_server(const SimTcp *tcp, SmtpServer *server)
{
    const AgentPrompter *prompter = prompter_of(tcp);
    if (prompter != NULL) {
        prompter->smtp_server(prompter->owner, tcp, server);
    }
}

void agent_prompt_smtp_client(const SimTcp *tcp, SmtpClient *client)
{
    const AgentPrompter *prompter = prompter_of(tcp);
    if (prompter != NULL) {
        prompter->smtp_client(prompter->owner, tcp, client);
    }
}
