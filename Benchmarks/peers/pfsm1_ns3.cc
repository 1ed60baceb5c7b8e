/*
 * PFS-M1 on the scheduler of ns-3: every event goes through Simulator::Schedule, which is what a model
 * in ns-3 does. No packets and no nodes: only the queue of events is compared.
 *
 * The model is stated in ../reference/pfs-m1.md; the numbers printed must be those of every other program.
 *
 * build: g++ -O2 -o pfsm1_ns3 pfsm1_ns3.cc -lns3-core
 * usage: pfsm1_ns3 PHONES [SCHEDULER]      SCHEDULER: Map, Heap, PriorityQueue or Calendar
 * output: one line of JSON
 */
#include <ns3/simulator.h>
#include <ns3/scheduler.h>
#include <ns3/object-factory.h>
#include <ns3/nstime.h>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using ns3::NanoSeconds;
using ns3::Simulator;

namespace {

constexpr uint64_t kListen = 500000000, kTick = 250000000, kHop = 200000;
constexpr uint64_t kRootWait = 10000000000, kReboot = 30000000000;
constexpr uint64_t kSizes[] = {540000, 2510000, 575000, 1830000, 2954000, 1000000};
constexpr uint32_t kFiles = 6;
constexpr unsigned kAdvertisements = 4;

uint64_t Wan(uint32_t file) { return (kSizes[file] / 512 + 1) * 153129532; }
uint64_t Lan(uint32_t file) { return 1000000 + kSizes[file] * 80; }
uint64_t Verify(uint32_t file) { return 5000000 + kSizes[file] * 10; }

uint64_t Draw(uint32_t phone, unsigned purpose)
{
    uint64_t bits = 1 + (4 * uint64_t(phone) + purpose + 1) * 0x9E3779B97F4A7C15u;
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EBu;
    return bits ^ bits >> 31;
}

enum class State : uint8_t { kOff, kListening, kClaiming, kFollowing, kMember, kRoot };

struct Phone
{
    uint64_t strength, best, freeAt[2];
    uint32_t delay, child[2];
    State state;
    uint8_t ticks, children, turn, depth, files;
};

std::vector<Phone> phones;
uint64_t events, broadcasts, last, sum;
uint32_t root, done;
unsigned deepest;

uint64_t Now() { return Simulator::Now().GetNanoSeconds(); }

template <typename... Arguments>
void After(uint64_t delay, void (*action)(Arguments...), Arguments... arguments)
{
    Simulator::Schedule(NanoSeconds(delay), action, arguments...);
}

void Broadcast(uint32_t sender, void (*delivery)(uint32_t, uint32_t))
{
    broadcasts++;
    for (uint32_t phone = 0; phone < phones.size(); phone++)
        if (phone != sender) After(phones[phone].delay, delivery, phone, sender);
}

void Advertised(uint32_t number, uint32_t sender)
{
    events++;
    Phone &phone = phones[number];
    if (phone.state != State::kListening && phone.state != State::kClaiming) return;
    phone.best = std::max(phone.best, phones[sender].strength);
    if (phone.state == State::kClaiming && phone.best > phone.strength)
        phone.state = State::kFollowing;
}

void Accepted(uint32_t) { events++; }

void Join(uint32_t number, uint32_t joiner)
{
    events++;
    Phone &phone = phones[number];
    if (phone.children < 2)
    {
        phone.child[phone.children++] = joiner;
        phones[joiner].depth = phone.depth + 1;
        deepest = std::max<unsigned>(deepest, phones[joiner].depth);
        After(kHop, &Accepted, joiner);
        return;
    }
    uint32_t child = phone.child[phone.turn];
    phone.turn ^= 1;
    After(kHop, &Join, child, joiner);
}

void Confirmed(uint32_t number, uint32_t sender)
{
    events++;
    phones[number].state = State::kMember;
    After(kHop, &Join, sender, number);
}

void Rebooted(uint32_t)
{
    events++;
    done++;
    last = std::max(last, Now());
    sum += Now();
}

void Have(uint32_t number, uint32_t file);

void Sent(uint32_t number, uint32_t file)
{
    events++;
    After(Verify(file), &Have, number, file);
}

void Have(uint32_t number, uint32_t file)
{
    events++;
    Phone &phone = phones[number];
    for (unsigned place = 0; place < phone.children; place++)
    {
        phone.freeAt[place] = std::max(Now(), phone.freeAt[place]) + Lan(file);
        After(phone.freeAt[place] - Now(), &Sent, phone.child[place], file);
    }
    if (++phone.files == kFiles) After(kReboot, &Rebooted, number);
}

void WanDone(uint32_t number, uint32_t file)
{
    events++;
    if (file + 1 < kFiles) After(Wan(file + 1), &WanDone, number, file + 1);
    After(Verify(file), &Have, number, file);
}

void Start(uint32_t number)
{
    events++;
    After(Wan(0), &WanDone, number, uint32_t(0));
}

void Tick(uint32_t number)
{
    events++;
    Phone &phone = phones[number];
    if (phone.state != State::kClaiming) return;
    if (++phone.ticks <= kAdvertisements)
    {
        Broadcast(number, &Advertised);
        After(kTick, &Tick, number);
        return;
    }
    phone.state = State::kRoot;
    root = number;
    Broadcast(number, &Confirmed);
    After(kRootWait, &Start, number);
}

void ListenEnd(uint32_t number)
{
    events++;
    Phone &phone = phones[number];
    if (phone.state != State::kListening) return;
    if (phone.best > phone.strength)
    {
        phone.state = State::kFollowing;
        return;
    }
    phone.state = State::kClaiming;
    Broadcast(number, &Advertised);
    After(kTick, &Tick, number);
}

void Power(uint32_t number)
{
    events++;
    phones[number].state = State::kListening;
    After(kListen, &ListenEnd, number);
}

} // namespace

int main(int argc, char **argv)
{
    long count = argc >= 2 ? atol(argv[1]) : 0;
    if (count < 1 || count > 1 << 28 || argc > 3)
    {
        fputs("usage: pfsm1_ns3 PHONES [Map|Heap|PriorityQueue|Calendar]\n", stderr);
        return 64;
    }
    std::string scheduler = argc == 3 ? argv[2] : "Map";
    auto begin = std::chrono::steady_clock::now();
    ns3::ObjectFactory factory;
    factory.SetTypeId("ns3::" + scheduler + "Scheduler");
    Simulator::SetScheduler(factory);
    phones.resize(count);
    for (uint32_t number = 0; number < phones.size(); number++)
    {
        phones[number].strength = Draw(number, 1) << 32 | number;
        phones[number].delay = 50000 + Draw(number, 2) % 100000;
        After(Draw(number, 0) % 1000000000, &Power, number);
    }
    Simulator::Run();
    std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"name\": \"pfs-m1\", \"language\": \"ns-3 %s\", \"phones\": %ld, \"events\": %" PRIu64
           ", \"root\": %u, \"broadcasts\": %" PRIu64 ", \"depth\": %u, \"last\": %" PRIu64
           ", \"sum\": %" PRIu64 ", \"seconds\": %.6f, \"peakKiB\": %ld}\n",
           scheduler.c_str(), count, events, root, broadcasts, deepest, last, sum, elapsed.count(),
           usage.ru_maxrss);
    Simulator::Destroy();
    return done != uint32_t(count);
}
