/* SPDX-License-Identifier: GPL-3.0-or-later
 * Write-through of a PostgreSQL row into the Redis hash users:<id>, as a model for spin.
 * README.md beside this file says what is modelled, what is left out, and how to run it.
 *
 * Part 1 (default)   app writers, foreign SQL, readers with leases, drainers, crashes, unknown COMMIT, statements that
 *                    arrive late, settling after a restart of the program, evictions, restarts of Redis.
 *                    A restart loses everything; with ROLLBACK the last writes (AOF everysec); with ROLLBACK and
 *                    OLDDUMP any number of them (an old dump), and the recovery leader has to notice.
 * Part 2 (STAGED)    legacy __{users:N} staging keys, competing gateways, verdict table.
 *
 * Sizes: NW writers x OPS edits, NF foreign edits, NR readers x READS, ND drainers, RST restarts, EVI evictions,
 *        UNK broken connections to PostgreSQL.  STAGED: NC clients, NG gateways, GCR crashes, ERRS, NAPP, NFILL.
 * Each further macro is a seeded bug: the run must end in a violated assertion.
 */
#ifndef STAGED
/* PART 1: cache coherence of one row (id N).  Value of a row == its version. */
#ifndef NW
#define NW 2          /* app writers */
#endif
#ifndef NF
#define NF 1          /* foreign SQL writer commits */
#endif
#ifndef NR
#define NR 1          /* reader processes */
#endif
#ifndef READS
#define READS 1       /* reads per reader */
#endif
#ifndef ND
#define ND 1          /* drainers */
#endif
#ifndef RST
#define RST 1         /* redis restarts */
#endif
#ifndef EVI
#define EVI 1         /* evictions */
#endif
#ifndef UNK
#define UNK 1         /* broken PG connections (unknown outcome) */
#endif
#ifndef OPS
#define OPS 1         /* edits per writer */
#endif
#define NOPS (NW*OPS)
#define MAXV (2+NW*OPS+NF+UNK)  /* versions 1..MAXV-1, at most 7; settling an unknown outcome may draw one */
#define B(m,k)   ((m>>(k))&1)
#define ON(m,k)  m = m | (1<<(k))
#define OFF(m,k) m = m & (255-(1<<(k)))
#define PICK(m,x) if :: B(m,1) -> x=1 :: B(m,2) -> x=2 :: B(m,3) -> x=3 :: B(m,4) -> x=4 :: B(m,5) -> x=5 :: B(m,6) -> x=6 :: B(m,7) -> x=7 fi

#if defined(ROLLBACK) || UNK > 0
#define PURGE 1     /* purging only matters for the journal and for rollback */
#else
#define PURGE 0
#endif
#ifdef NOOUTBOX
#define OUTBOX 0
#else
#define OUTBOX 1
#endif
#if defined(ROLLBACK) && !defined(EARLYPURGE)
#define DURABLE dur
#else
#define DURABLE 255
#endif
#ifdef NOEPOCHPURGE
#define SAMECONN(e) 1
#define REPUSH 255
#else
#define SAMECONN(e) (e == epoch)   /* retained entry still belongs to this redis instance */
#define REPUSH DURABLE
#endif
#ifdef NOCONNTOK
#define CONNTOK 1
#else
#define CONNTOK (ep == epoch)     /* client drops its tokens when the connection breaks */
#endif
#ifdef EARLYJOURNAL
#define HELD 0
#else
#define HELD held      /* journal rows whose writer may still ask */
#endif

/* ---- PostgreSQL ---- */
byte seq = 1;                 /* wt_version_seq                       */
byte cver = 1;                /* version of last committed change     */
bool alive = 1;               /* row exists                           */
byte ob = 0;                /* outbox row exists                    */
byte pushed = 0;            /* owner knows PUSH(>=v) executed       */
byte held = 0; byte obop[MAXV];              /* op_id kept in the outbox row (journal)*/
/* ---- Redis ---- */
bool hp = 1; byte hv = 1;     /* hash users:N present, its version    */
byte lease = 0; byte tokc = 0;/* {users:N}:lease                      */
byte fence = 0;               /* only for the rejected FENCE design   */
byte epoch = 0;               /* run_id                               */
bool okk = 1;                 /* wt:ok == run_id                      */
#ifdef ROLLBACK
bool php = 1; byte phv = 1; byte please = 0;                 /* what a restart brings back */
byte dur = 0;                 /* pushes that their owner believes to be durable */
#endif
#ifdef OLDDUMP
/* Times are compared only with the times of pushes, so a time is the set of pushes that were confirmed by then. */
byte hb = 0, phb = 0;         /* wt:hb and its saved state; bit 0: it exists */
byte purged = 0;              /* P: the rows that purge statements removed */
#endif
/* ---- ghosts ---- */
byte acked = 1;               /* highest acknowledged version         */
byte committed = 2, del = 0;      /* bit per version */
byte applied[NOPS+1];       /* commits per operation id             */
byte verdict[NOPS+1];       /* 0 none/crashed 1 ok 2 conflict 3 pending(degraded) */
byte refused = 0;             /* bit per op: a 'failed' verdict row stands in the way of its INSERT */
byte zop[NOPS+1];           /* zombie statement still on the wire: base version, 0 none */
bool zdel[NOPS+1];
byte restarts = 0, evs = 0, unk = 0;

inline setcache(v, tk) {      /* every store into the hash goes through here */
  assert(B(committed,v) && !B(del,v));                   /* I1 */
  assert(!hp || v >= hv);                                /* I2 */
  hp = 1; hv = v; lease = 0
}
/* Lua wt_put, writer mode.  a: row exists, tk: token or 0 */
inline PUSH(v, a, tk) {
#if defined(FENCE)
  if
  :: a && v > fence && (!hp || v > hv) -> setcache(v, 0)
  :: !a -> { if :: hp && hv <= v -> hp = 0 :: else fi; if :: v > fence -> fence = v :: else fi }
  :: else
  fi
#elif defined(NOVERSION)
  if :: a -> hp = 1; hv = v :: else -> hp = 0 fi; lease = 0
#elif defined(POPULATE)
  if
  :: a && (!hp || v > hv) -> setcache(v, 0)
  :: !a && hp && hv <= v -> hp = 0
  :: else
  fi; lease = 0
#elif defined(DELONLY)
  hp = 0; lease = 0
#else
  if
  :: hp && a && hv < v -> setcache(v, 0)
  :: hp && !a && hv <= v -> hp = 0
  :: !hp && a && tk != 0 && lease == tk -> setcache(v, 0)
  :: else
  fi;
#ifndef KEEPLEASE
  lease = 0
#else
  skip
#endif
#endif
}
/* Lua wt_put, fill mode */
inline FILL(v, tk) {
#if defined(NOLEASE)
  if :: !hp || v > hv -> setcache(v, 0) :: else fi
#elif defined(FENCE)
  if :: v > fence && (!hp || v > hv) -> setcache(v, 0) :: else fi
#else
  if
  :: hp && hv < v -> setcache(v, 0)
  :: !hp && lease == tk && tk != 0 -> setcache(v, 0)
  :: else
  fi
#endif
}
#ifdef INSNOOP           /* bug: INSERT guarded by absence of the row only */
#define OCC(base,d) ((cver == base && (alive || !d)) || (!alive && !d))
#else                    /* a (re-)INSERT carries an op row; its base stands for it */
#define OCC(base,d) (cver == base && (alive || !d))
#endif
/* A push confirmed again after its loss has a later time than every heartbeat so far. */
inline CONFIRM(v) {
#ifdef OLDDUMP
  if :: !B(pushed,v) -> OFF(hb,v); OFF(phb,v) :: else fi;
#endif
  ON(pushed,v)
}
/* one SQL statement, autocommit: OCC, trigger draws version, outbox row */
inline EXEC(op, base, d, res) {
  if
  :: OCC(base,d) && !B(refused,op) ->
     applied[op]++; assert(applied[op] <= 1);            /* I5 at most once */
     seq++; cver = seq; alive = !d; ON(committed,seq); if :: d -> ON(del,seq) :: else fi;
     if :: OUTBOX -> ON(ob,seq); ON(held,seq); obop[seq] = op :: else fi;
     res = seq
  :: else -> res = 0
  fi
}

/* journal: the version that op committed, or 0 */
inline LOOKUP(op, v, i) {
  v = 0; i = 1;
  do :: i < MAXV -> if :: B(ob,i) && obop[i] == op -> v = i :: else fi; i++
     :: else -> break od; i = 0
}

proctype Writer(byte me) {
  byte base, v, op, i, ep; bool d, ins; byte n = 0;
  do
  :: n < OPS ->
     op = me*OPS + n + 1; n++;
     d_step { base = cver; v = 0; ins = !alive };   /* row loaded for editing (from DB or cache) */
     if :: alive -> d = 1 :: d = 0 fi;         /* delete, or update / (re)insert */
#ifdef SETFIRST
     d_step { setcache(seq+1, 0) };            /* cache first, then DB */
#endif
attempt: skip;
     if
     :: d_step { EXEC(op, base, d, v); i = 0 } -> 
        if :: v != 0 -> goto push
           :: else -> goto lookup fi
     :: unk < UNK -> unk++;                    /* connection breaks */
        if
        :: d_step { EXEC(op, base, d, v); v = 0; i = 0 }          /* had committed   */
        :: skip                                                   /* never will run  */
        :: zop[op] == 0 -> d_step { zop[op] = base; zdel[op] = d }/* may run later   */
        fi;
#ifdef UNKFAILED
        verdict[op] = 2; goto next
#else
        if :: goto attempt :: goto settle fi    /* the program lives on, or was started again */
#endif
     :: goto dead                              /* crash before */
     fi;
lookup: skip;  /* journal: was my op the one that moved it? */
     d_step { LOOKUP(op, v, i) };
     if :: v == 0 -> verdict[op] = 2; goto next :: else fi;
push: skip;
#ifdef ACKEARLY
     d_step { verdict[op] = 1; if :: v > acked -> acked = v :: else fi };
#endif
     if
     :: d_step { PUSH(v, !d, 0); ep = epoch }                     /* reply received */
     :: d_step { PUSH(v, !d, 0) } -> goto push                    /* reply lost: repeat */
     :: verdict[op] = 3; goto next                                /* redis down: degrade */
     :: goto dead                                                 /* crash */
     fi;
     d_step { if :: SAMECONN(ep) -> CONFIRM(v) :: else fi;
              verdict[op] = 1; if :: v > acked -> acked = v :: else fi; v = 0; base = 0; d = 0; ep = 0 };
     goto next;
settle: skip;  /* op id, key and base are known, the values are not: the statement cannot be repeated */
     d_step { LOOKUP(op, v, i) };
     if :: v != 0 -> goto saved :: else fi;
     if
     :: ins ->
#ifdef NOFAILROW
        verdict[op] = 2; goto next
#else
        d_step { if :: applied[op] == 0 -> ON(refused,op); verdict[op] = 2 :: else -> v = base fi };
        if :: v == 0 -> goto next :: else -> goto saved fi
#endif
     :: else ->
#ifdef NOTOUCH
        verdict[op] = 2; goto next
#else
        d_step { if :: alive && cver == base ->             /* the touch: a change without a change, its own op id */
                       seq++; cver = seq; ON(committed,seq); ON(ob,seq); v = seq
                    :: else fi };
        if :: v != 0 -> v = 0; verdict[op] = 2; goto next   /* base is used up, so no late statement can match it */
           :: skip                                          /* 0 rows, or its reply was lost as well */
        fi;
        d_step { LOOKUP(op, v, i) };
        if :: v == 0 -> verdict[op] = 2; goto next :: else fi
#endif
     fi;
saved: skip;
     d_step { if :: alive -> v = cver; d = 0 :: else -> d = 1 fi };
     if
     :: d_step { PUSH(v, !d, 0); verdict[op] = 1; if :: v > acked -> acked = v :: else fi; v = 0; base = 0; d = 0 }
     :: verdict[op] = 3
     fi;
next: skip; d_step { v = 0; base = 0; d = 0; ins = 0; i = 1; do :: i < MAXV -> if :: obop[i] == op -> OFF(held,i) :: else fi; i++ :: else -> break od; i = 0 }
  :: else -> break
  od;
dead: skip; d_step { i = 1; do :: i < MAXV -> if :: obop[i] == op -> OFF(held,i) :: else fi; i++ :: else -> break od; i = 0 }
}

proctype Zombie(byte i) {      /* a statement that reaches the server late, or never */
  byte r;
end: do
  :: atomic { zop[i] != 0 -> d_step { EXEC(i, zop[i], zdel[i], r); zop[i] = 0; r = 0 } } 
  :: atomic { zop[i] != 0 -> zop[i] = 0 }
  od
}

proctype Foreign() {           /* psql / Adminer: plain SQL, no op id, trigger does the rest */
  byte n = 0;
  do
  :: n < NF -> n++;
     atomic {
       if :: alive -> alive = 0; seq++; ON(del,seq) :: alive = 1; seq++ fi;
       cver = seq; ON(committed,seq); if :: OUTBOX -> ON(ob,seq) :: else fi
     }
  :: else -> break
  od
}

proctype Reader() {
  byte a0, v, tk, ep, n = 0; bool a, h;
  do
  :: n < READS -> n++;
     d_step {
       a0 = acked; h = 0; tk = 0; ep = epoch;
       if
#ifndef NOGATE
       :: !okk                                          /* own reader: bypass until recovered */
#endif
       :: else ->
          if
          :: hp -> h = 1; v = hv
          :: else -> { if :: lease == 0 -> tokc++; lease = tokc :: else fi; tk = lease }
          fi
       fi };
     if
     :: h -> assert(v >= a0); assert(B(committed,v) && !B(del,v))   /* I3, I1 */
     :: else ->
        d_step { v = cver; a = alive; assert(v >= a0) };
        if
        :: a && (tk != 0) ->
           if
           :: d_step { if :: CONNTOK -> FILL(v, tk) :: else fi }
           :: skip                                            /* crash or no fill */
           fi
        :: else
        fi
     fi;
     d_step { a0 = 0; v = 0; tk = 0; ep = 0; a = 0; h = 0 }
  :: else -> break
  od
}

proctype Drainer() {
  byte c, v, ep; bool a;
end: do
  :: atomic { (ob & (255-pushed)) != 0 -> PICK((ob & (255-pushed)), c);   /* claim any due row */
       v = (alive -> cver : c); a = alive };      /* claim + read, one statement */
     if
     :: d_step { PUSH(v, a, 0); ep = epoch };
        if :: d_step { if :: SAMECONN(ep) -> CONFIRM(c) :: else fi; ep = 0; c = 0; v = 0; a = 0 }
           :: d_step { c = 0; v = 0; a = 0; ep = 0 } /* crash before confirm */
        fi
     :: d_step { c = 0; v = 0; a = 0 }            /* crash: lock gone, row due again */
     fi
  od
}

proctype Purger() {            /* owners delete confirmed outbox rows later */
  byte v;
end: do
  :: atomic { (ob & pushed & DURABLE & (255-HELD)) != 0 ->
       PICK((ob & pushed & DURABLE & (255-HELD)), v); OFF(ob,v); obop[v] = 0;
#ifdef OLDDUMP
       ON(purged,v);
#endif
       v = 0 }
  od
}

#ifdef OLDDUMP
#ifdef HBEARLY
#define MAYBEAT 1
#else
#define MAYBEAT okk           /* a restarted Redis keeps the heartbeat it came back with until the leader has decided */
#endif
proctype Heartbeat() {
  byte h, e;
end: do
  :: atomic { MAYBEAT && (restarts < RST || !okk) && hb != (pushed | 1) -> h = pushed | 1; e = epoch };
     d_step { if :: e == epoch -> hb = h :: else fi; h = 0; e = 0 }
  od
}
#endif

proctype Faults() {
  do
  :: evs < EVI && hp -> d_step { evs++; hp = 0 }
  :: evs < EVI && lease != 0 -> d_step { evs++; lease = 0 }
#ifdef FENCE
  :: evs < EVI && fence != 0 -> d_step { evs++; fence = 0 }   /* TTL or eviction of the fence */
#endif
#ifdef ROLLBACK
#ifdef OLDDUMP
  :: restarts < RST -> d_step { php = hp; phv = hv; please = lease; phb = hb }      /* dump */
  :: restarts < RST && dur != pushed -> dur = pushed                                /* W passes, dump or no dump */
#else
  :: restarts < RST -> d_step { php = hp; phv = hv; please = lease; dur = pushed }  /* fsync */
#endif
  :: restarts < RST -> d_step {
       restarts++; epoch++; okk = 0; pushed = pushed & REPUSH; hp = php; hv = phv; lease = please;
#ifdef OLDDUMP
       hb = phb; if :: restarts == RST -> phb = 0 :: else fi;
#endif
       if :: restarts == RST -> php = 0; phv = 0; please = 0 :: else fi }           /* never read again */
#else
  :: restarts < RST -> d_step { restarts++; epoch++; hp = 0; lease = 0; fence = 0 }
#endif
  :: break
  od
#ifdef ROLLBACK
  ; dur = 255
#endif
}

#if defined(OLDDUMP) && !defined(NOPURGERULE)
#define JUDGE drop = (!B(hb,0) || (purged & (255-hb)) != 0)       /* H is missing, or H < P */
#else
#define JUDGE skip
#endif
#ifdef ROLLBACK
/* The leader: drop everything if the loss may exceed the retention, else replay every retained row; then wt:ok. */
proctype Recovery() {
  byte e, v, m, i; bool a, drop;
end: do
  :: atomic { !okk -> e = epoch; JUDGE;
#ifdef PFIRST
     };
     atomic {
#endif
       m = 0; i = 1;
       do :: i < MAXV -> if :: B(ob,i) -> m = i :: else fi; i++ :: else -> break od; i = 0;
       v = (alive -> cver : m); a = alive };
     if
     :: drop -> d_step { if :: e == epoch -> hp = 0; lease = 0 :: else fi }
#ifndef NOREPLAY
     :: !drop && m != 0 -> d_step { if :: e == epoch -> PUSH(v, a, 0) :: else fi }
#endif
     :: else
     fi;
     d_step { if :: e == epoch -> okk = 1 :: else fi; e = 0; v = 0; m = 0; a = 0; drop = 0 }
  od
}
#endif

init {
  byte i;
  atomic {
    i = 0; do :: i < NW -> run Writer(i); i++ :: else -> break od;
    i = 0; do :: i < NR -> run Reader(); i++ :: else -> break od;
    i = 0; do :: i < ND -> run Drainer(); i++ :: else -> break od;
    if :: NF > 0 -> run Foreign() :: else fi;
    i = 1; do :: i <= NOPS && UNK > 0 -> run Zombie(i); i++ :: else -> break od;
    if :: PURGE -> run Purger() :: else fi;
    run Faults();
#ifdef ROLLBACK
    run Recovery();
#endif
#ifdef OLDDUMP
    run Heartbeat();
#endif
    i = 0
  };
  timeout ->
  d_step {
    assert(!hp || (alive && hv == cver));                  /* I4 */
    i = 1;
    do :: i <= NW*OPS ->
          assert(verdict[i] != 1 || applied[i] == 1);      /* I5 */
          assert(verdict[i] != 2 || applied[i] == 0);
          assert(verdict[i] != 3 || applied[i] == 1); i++
       :: else -> break od
  }
}
#else
/* PART 2: legacy staging keys __{users:N}; one row, clients 1..NC, gateways, one app writer */
#ifndef NC
#define NC 2
#endif
#ifndef NG
#define NG 2
#endif
#ifndef GCR
#define GCR 1        /* gateway crashes */
#endif
#ifndef UNK
#define UNK 1        /* unknown PG outcomes */
#endif
#ifndef RST
#define RST 0
#endif
#ifndef NAPP
#define NAPP 1       /* app edits */
#endif
#ifndef NFILL
#define NFILL 0
#endif
#ifndef ERRS
#define ERRS 1       /* statement errors (constraint, lock timeout) */
#endif
#define VD(c) (svd[c*4+1] | svd[c*4+2] | svd[c*4+3])
#define B(m,k)   ((m>>(k))&1)
#ifdef NOREACK
#define REACK 0
#else
#define REACK 1
#endif
#ifdef TAKEID
#define OPID(u,b) opc
#define TAKECOUNT opc++
#else
#define TAKECOUNT skip
#define OPID(u,b) (u*4+(b>>1))       /* uuid + hash of the content */
#endif
/* redis */
bool sp = 0; byte sbits = 0, su = 0;                    /* __{users:N}        */
bool wp = 0; byte wbits = 0, wu = 0, wid = 0;           /* {users:N}:wip      */
byte ack[3];                                            /* {users:N}<uuid>    */
bool hp = 1; byte hv = 1, lease = 0, tokc = 0;
byte epoch = 0; bool okk = 1;
#ifdef ROLLBACK
bool psp = 0; byte psbits = 0, psu = 0; bool pwp = 0; byte pwbits = 0, pwu = 0, pwid = 0;
byte pack[3]; bool php = 1; byte phv = 1, please = 0;
#endif
/* postgres */
byte cver = 1; byte svd[12]; byte opc = 0;
/* ghosts */
byte cnt[3]; bool superseded[3], lost[3], issued[3]; byte got[3]; byte acked = 1, ackv[3];
bool reack = 0;
byte unk = 0, gcr = 0, errs = 0, rst = 0;
byte zop = 0, zbits = 0;
byte drained = 1;             /* outbox abstracted: every version <= drained was pushed */

inline setcache(v) { assert(v <= cver); assert(!hp || v >= hv); hp = 1; hv = v; lease = 0 }
inline PUSH(v, tk) {
  if
  :: hp && hv < v -> setcache(v)
  :: !hp && tk != 0 && lease == tk -> setcache(v)
  :: else
  fi; lease = 0
}
/* one statement: INSERT wt_staged(op_id) ON CONFLICT DO NOTHING -> upsert users -> RETURNING */
inline APPLY(op, bits, r, v) {
  if
#ifndef NODEDUPE
  :: svd[op] != 0 -> r = svd[op]
#endif
  :: else ->
     cver++; svd[op] = 1; r = 1;
     if :: B(bits,1) -> cnt[1]++; assert(cnt[1] <= 1) :: else fi;
     if :: B(bits,2) -> cnt[2]++; assert(cnt[2] <= 1) :: else fi
  fi;
  v = cver
}

proctype Client(byte c) {
#ifdef NOMERGE
  d_step { !sp ->
#else
  d_step {
#endif
    issued[c] = 1;
    if :: sp && su != c -> superseded[su] = 1 :: else fi;
    sp = 1; sbits = sbits | (1<<c); su = c };
end: atomic { ack[c] != 0 -> got[c] = got[c] | ack[c]; 
     if :: B(ack[c],0) && ackv[c] > acked -> acked = ackv[c] :: else fi };
     if
     :: d_step { okk -> if :: hp -> assert(hv >= acked) :: else fi } /* read your write through the cache */
     :: skip
     fi
}

proctype Gateway() {
  byte op, bits, u, tk, r, v;
end: do
  :: atomic { (wp || sp) ->                                /* event or SCAN; takeover of wip */
#ifdef NORENAME
       sp -> bits = sbits; u = su; op = OPID(su, sbits);
#else
       if
       :: wp
       :: !wp -> wp = 1; wbits = sbits; wu = su; TAKECOUNT; wid = OPID(su, sbits); sp = 0; sbits = 0; su = 0
       fi;
       op = wid; bits = wbits; u = wu;
#ifdef DELFIRST
       wp = 0; wbits = 0; wu = 0; wid = 0;
#endif
#endif
       tk = 0; if :: !hp -> { if :: lease == 0 -> tokc++; lease = tokc :: else fi }; tk = lease :: else fi };
#ifdef ACKFIRST
     d_step { ack[u] = ack[u] | 1; ackv[u] = cver };
#endif
again: skip;
     if
     :: d_step { APPLY(op, bits, r, v) }
     :: unk < UNK -> unk++;
        if
        :: d_step { APPLY(op, bits, r, v); r = 0 }
        :: skip
        :: zop == 0 -> d_step { zop = op; zbits = bits }
        fi;
#ifdef FAILUNKNOWN
        r = 2
#else
        goto again
#endif
     :: errs < ERRS -> errs++;                             /* statement raised an error */
#ifdef NOVERDICT
        r = 2
#else
        d_step { if :: svd[op] == 0 -> svd[op] = 2 :: else fi; r = svd[op]; v = cver }
#endif
     :: gcr < GCR -> gcr++; goto crash
     fi;
     if
     :: d_step {                                           /* Lua wt_finish */
          if :: r == 1 -> PUSH(v, tk) :: else fi;
#if defined(NORENAME)
          ack[u] = ack[u] | r; ackv[u] = v; sp = 0; sbits = 0; su = 0
#elif defined(DELFIRST)
          ack[u] = ack[u] | r; ackv[u] = v
#else
          if :: (wp && wid == op) || ack[u] == 0 -> ack[u] = ack[u] | r; ackv[u] = v :: else fi;
          if :: wp && wid == op -> wp = 0; wbits = 0; wu = 0; wid = 0 :: else fi
#endif
        }
     :: gcr < GCR -> gcr++                                 /* crash: wip stays, other takes over */
     fi;
crash: skip;
     d_step { op = 0; bits = 0; u = 0; tk = 0; r = 0; v = 0 }
  od
}

proctype Zombie() {
  byte r, v;
end: do
  :: atomic { zop != 0 -> d_step { APPLY(zop, zbits, r, v); zop = 0; zbits = 0; r = 0; v = 0 } }
  :: atomic { zop != 0 -> zop = 0; zbits = 0 }
  od
}

proctype Drainer() {
  byte v;
end: do
  :: atomic { drained < cver -> v = cver };
     d_step { PUSH(v, 0); if :: drained < v -> drained = v :: else fi; v = 0 }
  od
}

proctype App() {
  byte v, n = 0;
  do :: n < NAPP -> n++; d_step { cver++; v = cver };
        d_step { PUSH(v, 0); if :: v > acked -> acked = v :: else fi }; v = 0
     :: else -> break
  od
}

proctype Fill() {              /* reader with lease fill; also eviction */
  byte tk, v;
  d_step { if :: !hp -> { if :: lease == 0 -> tokc++; lease = tokc :: else fi }; tk = lease :: else hp = 0; fi };
  v = cver;
  d_step { if :: !hp && tk != 0 && lease == tk -> setcache(v) :: else fi }
}

proctype Reack() {             /* after a restart: verdicts of wt_staged whose ack stream is missing */
  byte v, x, y, e;
end: do
  :: atomic { reack -> e = epoch; v = cver; x = VD(1); y = VD(2) };
#ifndef REACKNOPUSH
     d_step { if :: e == epoch && (x || y) -> PUSH(v, 0) :: else fi };
#endif
     d_step { if :: e == epoch -> reack = 0;
       if :: ack[1] == 0 -> ack[1] = x; ackv[1] = v :: else fi;
       if :: ack[2] == 0 -> ack[2] = y; ackv[2] = v :: else fi :: else fi; v = 0; x = 0; y = 0; e = 0 }
  od
}

proctype Faults() {
  do
#ifdef ROLLBACK
  :: rst < RST -> d_step { psp = sp; psbits = sbits; psu = su; pwp = wp; pwbits = wbits; pwu = wu; pwid = wid;
       pack[1] = ack[1]; pack[2] = ack[2]; php = hp; phv = hv; please = lease }
  :: rst < RST -> d_step { rst++; epoch++; okk = 0; drained = 0; sp = psp; sbits = psbits; su = psu; wp = pwp; wbits = pwbits;
       wu = pwu; wid = pwid; ack[1] = pack[1]; ack[2] = pack[2]; hp = php; hv = phv; lease = please; reack = 1;
       if :: issued[1] && !B((sbits|wbits),1) && VD(1)==0 -> lost[1] = 1 :: else fi;
       if :: issued[2] && !B((sbits|wbits),2) && VD(2)==0 -> lost[2] = 1 :: else fi }
  :: !okk -> d_step { PUSH(cver, 0); okk = 1 }            /* replay, see part 1 */
#else
  :: rst < RST -> d_step { rst++; epoch++; 
       if :: issued[1] && VD(1)==0 -> lost[1] = 1 :: else fi; if :: issued[2] && VD(2)==0 -> lost[2] = 1 :: else fi;
       sp = 0; sbits = 0; su = 0; wp = 0; wbits = 0; wu = 0; wid = 0; ack[1] = 0; ack[2] = 0; hp = 0; lease = 0; reack = 1 }
#endif
  :: okk -> break
  od
}

init {
  byte i;
  atomic {
    i = 1; do :: i <= NC -> run Client(i); i++ :: else -> break od;
    i = 1; do :: i <= NG -> run Gateway(); i++ :: else -> break od;
    if :: NAPP > 0 -> run App() :: else fi; if :: UNK > 0 -> run Zombie() :: else fi; if :: NFILL > 0 -> run Fill() :: else fi; run Drainer(); if :: RST > 0 && REACK -> run Reack() :: else fi; run Faults(); i = 0 };
  timeout ->
  d_step {
    assert(!hp || hv == cver);                                          /* I4 */
    assert(!sp && !wp);                                                 /* queues drained */
    i = 1;
    do :: i <= NC ->
       assert(got[i] != 3);                                             /* one verdict */
       assert(got[i] != 1 || cnt[i] == 1);
       assert(got[i] != 2 || cnt[i] == 0);
       assert(superseded[i] || lost[i] || got[i] != 0);                 /* I6: everybody hears */
       i++
    :: else -> break od }
}
#endif
