/* token.h - secrets of links: 256 random bits of the system, as letters that an address takes. */
#ifndef PLUGINS_PILOT_PANEL_TOKEN_H
#define PLUGINS_PILOT_PANEL_TOKEN_H

#define PANEL_TOKEN 44 /* base64url without padding, and the end */

/* Any thread. Ends the process when the system has no randomness (libsodium). */
void panel_token(char ret_token[PANEL_TOKEN]);

#endif
