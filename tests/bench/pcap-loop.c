/* The least that any reader of captures does: libpcap's loop, counting. Everything else is measured
 * against it.
 *
 *     pcap-loop CAPTURE
 */

#include <pcap/pcap.h>
#include <stdio.h>

int main(int count, char **arguments)
{
    char reason[PCAP_ERRBUF_SIZE] = "usage: pcap-loop CAPTURE";
    pcap_t *capture = count == 2 ? pcap_open_offline(arguments[1], reason) : NULL;
    if (capture == NULL) {
        fprintf(stderr, "%s\n", reason);
        return 2;
    }
    struct pcap_pkthdr *header;
    const u_char *octets;
    unsigned long frames = 0;
    unsigned long long total = 0;
    while (pcap_next_ex(capture, &header, &octets) == 1) {
        frames++;
        total += header->caplen;
    }
    printf("%lu frames, %llu octets\n", frames, total);
    pcap_close(capture);
    return 0;
}
