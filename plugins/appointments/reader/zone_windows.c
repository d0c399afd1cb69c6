/* Names of Windows for zones, as Exchange and Outlook write them. Source: Unicode CLDR,
 * supplemental/windowsZones.xml, territory 001; Europe whole, of the rest what travels here. */
#include "plugins/appointments/reader/zone.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *windows, *name;
} zones[] = {
    {"W. Europe Standard Time", "Europe/Berlin"},
    {"Central Europe Standard Time", "Europe/Budapest"},
    {"Central European Standard Time", "Europe/Warsaw"},
    {"Romance Standard Time", "Europe/Paris"},
    {"GMT Standard Time", "Europe/London"},
    {"Greenwich Standard Time", "Atlantic/Reykjavik"},
    {"E. Europe Standard Time", "Europe/Chisinau"},
    {"FLE Standard Time", "Europe/Kiev"},
    {"GTB Standard Time", "Europe/Bucharest"},
    {"Turkey Standard Time", "Europe/Istanbul"},
    {"Kaliningrad Standard Time", "Europe/Kaliningrad"},
    {"Belarus Standard Time", "Europe/Minsk"},
    {"Russian Standard Time", "Europe/Moscow"},
    {"Russia Time Zone 3", "Europe/Samara"},
    {"Saratov Standard Time", "Europe/Saratov"},
    {"Volgograd Standard Time", "Europe/Volgograd"},
    {"Azores Standard Time", "Atlantic/Azores"},
    {"Cape Verde Standard Time", "Atlantic/Cape_Verde"},
    {"Morocco Standard Time", "Africa/Casablanca"},
    {"W. Central Africa Standard Time", "Africa/Lagos"},
    {"South Africa Standard Time", "Africa/Johannesburg"},
    {"E. Africa Standard Time", "Africa/Nairobi"},
    {"Egypt Standard Time", "Africa/Cairo"},
    {"Israel Standard Time", "Asia/Jerusalem"},
    {"Middle East Standard Time", "Asia/Beirut"},
    {"Arab Standard Time", "Asia/Riyadh"},
    {"Arabian Standard Time", "Asia/Dubai"},
    {"Georgian Standard Time", "Asia/Tbilisi"},
    {"India Standard Time", "Asia/Calcutta"},
    {"SE Asia Standard Time", "Asia/Bangkok"},
    {"China Standard Time", "Asia/Shanghai"},
    {"Singapore Standard Time", "Asia/Singapore"},
    {"Tokyo Standard Time", "Asia/Tokyo"},
    {"AUS Eastern Standard Time", "Australia/Sydney"},
    {"New Zealand Standard Time", "Pacific/Auckland"},
    {"Atlantic Standard Time", "America/Halifax"},
    {"Eastern Standard Time", "America/New_York"},
    {"Central Standard Time", "America/Chicago"},
    {"Mountain Standard Time", "America/Denver"},
    {"Pacific Standard Time", "America/Los_Angeles"},
    {"E. South America Standard Time", "America/Sao_Paulo"},
    {"UTC", "Etc/UTC"},
    /* not in CLDR: what else these programs write */
    {"GMT", "Etc/UTC"},
    {"Z", "Etc/UTC"},
    {"tzone://Microsoft/Utc", "Etc/UTC"},
    {"Mitteleuropäische Zeit", "Europe/Berlin"},
};

const char *ics_zone_of_windows(const char *name)
{
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
        if (strcasecmp(zones[i].windows, name) == 0)
            return zones[i].name;
    /* "(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien", and older spellings */
    return *name == '(' && strstr(name, "Berlin") ? "Europe/Berlin" : NULL;
}
