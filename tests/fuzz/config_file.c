/* The configuration file: any bytes are read or refused; what is read is judged without harm. */
#include "core/config/server_keys.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct rh_config_key keys[] = {
        {"weight", RH_TYPE_REAL, 0, "0.5", NULL, 0, 10, {"Gewicht", "weight"}},
        {"strict", RH_TYPE_FLAG, 0, "1", NULL, 0, 0, {"streng", "strict"}},
        {"grace", RH_TYPE_DURATION, 0, "2h", NULL, 60, 86400, {"Frist", "grace"}},
        {"closed", RH_TYPE_LIST, 0, NULL, NULL, 0, 0, {"zu", "closed"}},
        {"note", RH_TYPE_TEXT, 0, NULL, NULL, 0, 20, {"Notiz", "note"}},
    };
    struct rh_config_values values;
    struct rh_config *config;

    if (rh_config_parse("fuzz.conf", (const char *)data, size, &config, NULL) < 0)
        return 0;
    if (rh_config_values(config, RH_CONFIG_MODULE, RH_SERVER_SECTION, rh_server_keys,
                         rh_server_key_count, &values, NULL) == 0)
        rh_config_values_fini(&values);
    if (rh_config_values(config, RH_CONFIG_PLUGIN, "turnus", keys, sizeof(keys) / sizeof(keys[0]),
                         &values, NULL) == 0)
        rh_config_values_fini(&values);
    (void)rh_config_disabled(config, "turnus");
    (void)rh_config_finish(config, NULL); /* faults are what fuzzing makes */
    rh_config_free(config);
    return 0;
}
