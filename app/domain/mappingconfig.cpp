// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/mappingconfig.h"

namespace throughline {

using namespace Qt::StringLiterals;

MappingConfig MappingConfig::users()
{
    MappingConfig config;
    config.label = u"users"_s;
    config.table = u"users"_s;
    config.keyColumn = u"id"_s;
    config.prefix = "users:"_ba;
    config.stagingPrefix = "__"_ba;
    config.fields = {
        {"username"_ba, u"username"_s}, {"email"_ba, u"email"_s},           {"pwhash"_ba, u"password_hash"_s},
        {"first"_ba, u"first_name"_s},  {"last"_ba, u"last_name"_s},        {"dob"_ba, u"date_of_birth"_s},
        {"score"_ba, u"score"_s},       {"created_at"_ba, u"created_at"_s}, {"updated_at"_ba, u"updated_at"_s},
    };
    return config;
}

} // namespace throughline
