#include "plugins/pilot/panel/token.h"

#include <sodium.h>

void panel_token(char ret_token[PANEL_TOKEN])
{
    unsigned char random[32];

    randombytes_buf(random, sizeof(random));
    sodium_bin2base64(ret_token, PANEL_TOKEN, random, sizeof(random),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof(random));
}
