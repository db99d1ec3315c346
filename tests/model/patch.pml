// SPDX-License-Identifier: GPL-3.0-or-later
/* wt_patch: a batch sets in a hash only the column that its statement changed, where the hash is at the version which
   the statement replaced. One row with two columns. Asserted, whenever a hash is written:
     P1  its columns are those that the row had at the hash's version: no hash is a mixture
   and in the end, when every write has been pushed (and after a restart of Redis what the outbox knows once more):
     P2  a present hash is the row
   Seeded bugs: NOBASE    the patch asks only whether the hash is older, as a put of the whole row does
                CREATE    the patch creates a hash that is not there
                TRIGGER   somebody's trigger changes the other column as well, and the statement is patched all the same
                KEEPLEASE the patch does not end the lease of a reader that missed
   Settings: NW writers that patch, NF writes of foreign SQL, NR readers, EVI evictions, RST restarts that bring back an
   older state of the hash. */

#ifndef NW
#define NW 2
#endif
#ifndef NF
#define NF 1
#endif
#ifndef NR
#define NR 1
#endif
#ifndef EVI
#define EVI 1
#endif
#ifndef RST
#define RST 1
#endif
#define MAXV 6                    /* versions */

byte rv = 1, ra = 1, rb = 1;      /* the row: version, and its columns, each the version that set it */
byte wasA[MAXV], wasB[MAXV];      /* what the row was at each version */
bool present; byte hv, ha, hb;    /* the hash */
byte lease, tokens;               /* 0: none */
bool oldPresent; byte oldV, oldA, oldB;
byte pushing;                     /* who still owes a push */

inline check() { assert(!present || (ha == wasA[hv] && hb == wasB[hv])) }
inline commit(both) {
    rv++;
    if
    :: both -> ra = rv; rb = rv
    :: else -> if :: ra = rv :: rb = rv fi
    fi;
    wasA[rv] = ra; wasB[rv] = rb
}
/* wt_put U */
inline putWhole(v) {
    atomic {
        if
        :: present && hv < v -> hv = v; ha = wasA[v]; hb = wasB[v]
        :: else
        fi;
        lease = 0; check()
    }
}

proctype Writer() {
    byte base, v;
    bool setsA, stale;
    atomic {                      /* the statement: it replaces the version it was made on, or nothing is done */
        base = rv; rv++; v = rv;
        if
        :: setsA = true; ra = v
#ifdef TRIGGER
           ; rb = v
#endif
        :: setsA = false; rb = v
        fi;
        wasA[v] = ra; wasB[v] = rb
    }
    atomic {                      /* wt_patch */
        if
#ifdef NOBASE
        :: present && hv < v
#else
        :: present && hv == base
#endif
           -> hv = v;
           if :: setsA -> ha = v :: else -> hb = v fi
        :: !present ->
#ifdef CREATE
           present = true; hv = v;
           if :: setsA -> ha = v; hb = 0 :: else -> hb = v; ha = 0 fi
#elif defined(KEEPLEASE)
           skip
#else
           lease = 0              /* only what is absent has one */
#endif
#ifdef NOBASE
        :: present && hv >= v
#else
        :: present && hv != base && hv >= v
        :: present && hv != base && hv < v -> stale = true
#endif
        fi;
        check()
    }
    if
    :: stale -> v = rv; putWhole(v)   /* reads the row as it is now, and puts it whole */
    :: else
    fi;
    pushing--
}

/* Foreign SQL, and whoever drains the outbox behind it. */
proctype Foreign() {
    byte v;
    atomic { commit(true) }
    v = rv;
    putWhole(v);
    pushing--
}

/* Misses, reads the row, fills under the lease it took before that. */
proctype Reader() {
    byte token, v;
    atomic {
        if
        :: !present ->
           if :: lease == 0 -> tokens++; lease = tokens :: else fi;
           token = lease
        :: else -> goto done
        fi
    }
    v = rv;
    atomic {
        if
        :: !present && lease == token && token != 0 ->
           present = true; hv = v; ha = wasA[v]; hb = wasB[v]; lease = 0
        :: else
        fi;
        check()
    }
done:
    pushing--
}

proctype Evictor() {
    atomic { present = false; hv = 0; ha = 0; hb = 0 }
    pushing--
}

/* Redis comes back with the hash of an earlier time. No fill is answered before recovery, which puts the row: leases
   are dropped, and what the outbox knows is pushed once more. */
proctype Restart() {
    byte v;
    atomic { oldPresent = present; oldV = hv; oldA = ha; oldB = hb }
    atomic { present = oldPresent; hv = oldV; ha = oldA; hb = oldB; lease = 0; check() }
    v = rv;
    putWhole(v);
    pushing--
}

init {
    byte i;
    atomic {
        wasA[1] = 1; wasB[1] = 1;
        if :: present = true; hv = 1; ha = 1; hb = 1 :: present = false fi;
        pushing = NW + NF + NR + EVI + RST;
        i = 0; do :: i < NW -> run Writer(); i++ :: else -> break od;
        i = 0; do :: i < NF -> run Foreign(); i++ :: else -> break od;
        i = 0; do :: i < NR -> run Reader(); i++ :: else -> break od;
        i = 0; do :: i < EVI -> run Evictor(); i++ :: else -> break od;
        i = 0; do :: i < RST -> run Restart(); i++ :: else -> break od
    }
    (pushing == 0);
    assert(!present || (hv == rv && ha == ra && hb == rb))
}
