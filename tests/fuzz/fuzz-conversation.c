/* Any octets as a capture file, all the way: conversations, remarks, and every view of them. The
 * first octet chooses the options. */

#include "tests/support/capture-views.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 0) {
        capture_views_run(byte_span(data + 1, size - 1), data[0]);
    }
    return 0;
}
