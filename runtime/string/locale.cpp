// The locale of numbers.
#include "string/text.h"

#include <locale.h>

using namespace tfc::rt;

// A locale of this name takes no memory, so it is always there.
CLocale::CLocale() : made(newlocale(LC_ALL_MASK, "C", nullptr)) { previous = uselocale(static_cast<locale_t>(made)); }
CLocale::~CLocale() {
  uselocale(static_cast<locale_t>(previous));
  freelocale(static_cast<locale_t>(made));
}
