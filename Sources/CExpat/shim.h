/* Expat, the XML parser of the operating system's packages, as Swift imports it. The library itself
 * is linked from its archive, so that the shell runs where it is not installed. */
#ifndef CEXPAT_SHIM_H
#define CEXPAT_SHIM_H

#include <expat.h>

#endif
