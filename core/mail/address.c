#include "core/mail/address.h"

#include "core/base/text.h"

#include <string.h>

/* RFC 5322, 3.2.3 */
static bool is_atext(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool local_ok(const char *local, size_t length)
{
    if (length == 0 || length > 64 || local[0] == '.' || local[length - 1] == '.')
        return false;
    for (size_t i = 0; i < length; i++)
        if (local[i] == '.' ? local[i - 1] == '.' : !is_atext((unsigned char)local[i]))
            return false;
    return true;
}

static bool label_ok(const char *label, size_t length)
{
    if (length == 0 || length > 63 || label[0] == '-' || label[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = label[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-'))
            return false;
    }
    return true;
}

static bool domain_ok(const char *domain, size_t length)
{
    const char *end = domain + length;

    if (length == 0 || length > 253)
        return false;
    for (;;) {
        const char *dot = memchr(domain, '.', (size_t)(end - domain));

        if (!label_ok(domain, (size_t)((dot ? dot : end) - domain)))
            return false;
        if (!dot)
            return true;
        domain = dot + 1;
    }
}

bool rh_mail_address_ok(const char *address, size_t length)
{
    const char *at = length <= RH_MAIL_ADDRESS_MAX ? memchr(address, '@', length) : NULL;

    return at && local_ok(address, (size_t)(at - address)) &&
           domain_ok(at + 1, (size_t)(address + length - at - 1));
}

/* What a person can do something about, told apart. */
int32_t rh_mail_address_check(const char *address, struct rh_err *err)
{
    size_t length;

    if (!address || !*address)
        return rh_err_set(err, RH_EINVALID, "keine E-Mail-Adresse angegeben",
                          "no e-mail address given");
    length = strlen(address);
    if (rh_mail_address_ok(address, length))
        return 0;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)address[i] <= ' ' || address[i] == 0x7f)
            return rh_err_set(err, RH_EINVALID,
                              "in einer E-Mail-Adresse steht ein Leer- oder Steuerzeichen an "
                              "Stelle %zu; bitte ohne eingeben",
                              "an e-mail address has a space or control character at place %zu; "
                              "please enter it without",
                              i + 1);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)address[i] >= 0x80)
            return rh_err_set(
                err, RH_EINVALID,
                "'%.300s': Umlaute gehen in einer E-Mail-Adresse nicht; die Domain in ihrer Form "
                "mit 'xn--' eingeben",
                "'%.300s': no umlauts in an e-mail address; enter the domain in its 'xn--' form",
                address);
    return rh_err_set(err, RH_EINVALID, "'%.300s' ist keine E-Mail-Adresse der Form name@domain.de",
                      "'%.300s' is not an e-mail address of the form name@domain.org", address);
}

int32_t rh_mail_name_check(const char *name, struct rh_err *err)
{
    return name && *name ? rh_text_check_line(name, strlen(name), RH_MAIL_NAME_MAX, err) : 0;
}

void rh_mail_address_fold(const char *address, char folded[RH_MAIL_ADDRESS_MAX + 1])
{
    size_t i = 0;

    for (; i < RH_MAIL_ADDRESS_MAX && address[i]; i++)
        folded[i] =
            (char)(address[i] >= 'A' && address[i] <= 'Z' ? address[i] - 'A' + 'a' : address[i]);
    folded[i] = '\0';
}

const char *rh_mail_address_domain(const char *address)
{
    return strrchr(address, '@') + 1;
}
