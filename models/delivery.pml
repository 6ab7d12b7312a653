/* How the events of one subject come from the act that says them to the one effect they have, whoever dies on the way. */

#ifndef EVENTS
#define EVENTS 3  /* said about the subject, with sequence 1, 2, 3; two or three */
#endif
#ifndef FAULTS
#define FAULTS 1  /* deaths, lost sessions, lost connections and failed attempts, all in all */
#endif

byte faults = FAULTS;
bool dies[6];                /* by process: it has been killed and is to start again */

/* the sayer's database */
byte state, said;            /* acts done; rows in the outbox */
bool sent[4];       /* by event: marked as sent */
byte leader;                 /* the relay that holds the advisory lock */

/* the broker: copies by event, in no order, because retries and several workers leave none; a third copy adds nothing */
byte queue[4];
byte hand[6];                /* by worker: the event delivered to it and not acknowledged */

/* the hearer's database */
bool inbox[4], parked[4];
byte position;               /* how far the subject has been heard */
byte lock;                   /* the worker that holds the position's row */
byte effects[4], last;

inline put(e) { if :: queue[e] < 2 -> queue[e]++ :: else fi }
inline acknowledge(me) { hand[me] = 0 }
inline redeliver(me) { if :: hand[me] -> put(hand[me]); hand[me] = 0 :: else fi }

inline effect(e) {
    assert(effects[e] == 0);                                   /* nothing twice */
    assert(e == last + 1);                                     /* in order */
    effects[e]++; last = e; inbox[e] = true
}

active proctype Sayer() {                                      /* process 0: an act, its state and its event */
    do
    :: state == EVENTS -> break
    :: else ->
#ifdef TWO_WRITES
        state++;
        if :: said++ :: d_step { faults > 0 -> faults-- } fi   /* dies between its two writes */
#else
        d_step { state++; said++ }
#endif
    od
}

active [2] proctype Relay() {                                  /* processes 1, 2 */
    byte e;
    bool leads;                                                /* as it believes */
end_start:
    {
end_idle:
        do
        :: atomic { !leads && leader == 0 -> leader = _pid; leads = true }
        :: atomic { leads && leader != _pid -> leads = false } /* its session is gone, and it has noticed */
        :: atomic { leads && leader == _pid && (said >= 1 && !sent[1] || said >= 2 && !sent[2] || said >= 3 && !sent[3]) ->
               e = (!sent[1] -> 1 : (!sent[2] -> 2 : 3)) }     /* the oldest that waits */
#ifdef MARK_FIRST
           sent[e] = true;
           d_step { put(e) }
#else
           d_step { put(e) };                                  /* published; perhaps as a leader no more */
#ifndef NEVER_MARK
           sent[e] = true                                      /* confirmed, so marked */
#endif
#endif
        od
    } unless {
        d_step { dies[_pid]; dies[_pid] = false; leads = false; if :: leader == _pid -> leader = 0 :: else fi };
        goto end_start
    }
}

active [2] proctype Worker() {                                 /* processes 3, 4 */
    byte e, heard;
    bool known;
end_start:
    {
end_idle:
        do
        :: atomic {
               if :: queue[1] -> e = 1 :: queue[2] -> e = 2 :: queue[3] -> e = 3 fi;
               queue[e]--; hand[_pid] = e }
#ifdef ACK_FIRST
           acknowledge(_pid);
#endif
           if
           :: d_step { faults > 0 -> faults--; put(e) }        /* a passing fault: a copy to the retry queue, confirmed */
           :: atomic {                                         /* the transaction begins: locked and read */
#ifndef NO_LOCK
                  lock == 0 -> lock = _pid;
#endif
                  known = inbox[e]; heard = position }
              d_step {                                         /* and is committed: inbox, effect, position, parking */
                  if
#ifndef NO_INBOX
                  :: known
#endif
#ifndef NO_PARKING
                  :: !known && e > heard + 1 -> parked[e] = true
#endif
                  :: else ->
                      effect(e);
                      position = (e > position -> e : position);
                      parked[e] = false;
                      do
                      :: position < EVENTS && parked[position + 1] ->
                          position++; parked[position] = false; effect(position)
                      :: else -> break
                      od
                  fi;
                  if :: lock == _pid -> lock = 0 :: else fi }
           fi;
           acknowledge(_pid)
        od
    } unless {
        d_step { dies[_pid]; dies[_pid] = false; redeliver(_pid); if :: lock == _pid -> lock = 0 :: else fi };
        goto end_start
    }
}

active proctype Chaos() {                                      /* process 5: as many faults as there are, whenever it likes */
    byte who;
    do
    :: atomic { faults > 0 -> faults--; select(who : 1 .. 4); dies[who] = true }
    :: atomic { faults > 0 && leader -> faults--; leader = 0 }            /* the leader's session ends, it goes on */
    :: d_step { faults > 0 && hand[3] -> faults--; redeliver(3) }         /* a worker's connection ends, it goes on */
    :: d_step { faults > 0 && hand[4] -> faults--; redeliver(4) }
    :: d_step { faults > 0 && sent[1] -> faults--; sent[1] = false }      /* the sayer's database falls, a mark is forgotten */
    :: d_step { faults > 0 && sent[2] -> faults--; sent[2] = false }
    :: break
    od
}

#define ALL (state == EVENTS && effects[1] == 1 && effects[2] == 1 && (EVENTS < 3 || effects[3] == 1))

active proctype Auditor() {
    timeout -> assert(said == state); assert(ALL); assert(!parked[1] && !parked[2] && !parked[3])  /* nothing lost or stuck */
}

ltl all_is_effected { <> ALL }
