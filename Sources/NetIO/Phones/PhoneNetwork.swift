// The phones of a process on a network, as the thread that has the world sees them: tasks go in, reports
// come out, everything else happens on an event loop of its own.

import Glibc
import NIOCore
import NIOPosix
public import PFSRuntime

/// What a phone asks of the network, with names and the network's own addresses.
public struct PhoneNetworkTask: Sendable {
    /// What is to be done.
    public enum Action: Sendable {
        /// Open the phone's sockets.
        case appear
        /// Close all that the phone has open.
        case vanish
        /// Send a broadcast after so many nanoseconds.
        case broadcast(WirePeerMessage, after: Int64)
        /// Send a message over the link about its file.
        case send(WirePeerMessage, to: IPv4Address)
        /// Close the link about a file.
        case close(fileName: String, IPv4Address)
        /// Send a file that the phone holds, or as many other bytes.
        case upload(SharedFile, to: IPv4Address, isWrong: Bool)
        /// Send no more of it.
        case endUpload(fileName: String, to: IPv4Address)
        /// Fetch a file from a server, and answer each block so many nanoseconds later.
        case fetch(SharedFile, from: IPv4Address, blockDelay: Int64)
        /// Throw away what is coming.
        case endDownload
        /// Make another file of what came last: that many of its bytes, or all with one changed.
        case spoil(SharedFile, bytes: Int64)
        /// Check what came last.
        case verify(SharedFile)
        /// Give what was checked its final name.
        case write(SharedFile)
        /// Read from the phone's sockets or not, and go on with files that it sends or not.
        case restrain(reads: Bool, sends: Bool)
    }

    /// The phone.
    public let phone: LocalPhone
    /// Counts its restarts.
    public let incarnation: UInt16
    /// What it asks for.
    public let action: Action

    /// Makes a task.
    public init(phone: LocalPhone, incarnation: UInt16, action: Action) {
        self.phone = phone
        self.incarnation = incarnation
        self.action = action
    }

    /// The order of a phone of an attached world, with all that the network has to know.
    ///
    /// `files` are the files of the world's phones, in the order of their numbers.
    /// Nil where a name cannot stand on the network, which no load of a catalogue has.
    public init?(
        _ order: NetworkOrder,
        of phone: LocalPhone,
        in world: World,
        knowing files: [SharedFile],
        at place: NetworkPlace
    ) {
        func message(_ content: PeerMessage, _ file: FileNumber) -> WirePeerMessage? {
            try? WirePeerMessage(
                modelName: phone.modelName,
                fileName: world.fileName(file),
                message: place.outgoing(content)
            )
        }
        func shared(_ file: FileNumber) -> SharedFile { files[Int(file.index)] }
        switch order.action {
        case .appear: action = .appear
        case .vanish: action = .vanish
        case .broadcast(let content, let file, at: let instant):
            guard let message = message(content, file) else { return nil }
            action = .broadcast(message, after: (instant - world.now).nanoseconds)
        case .send(let content, let file, to: let address):
            guard let message = message(content, file) else { return nil }
            action = .send(message, to: place.real(address))
        case .close(let file, let address):
            action = .close(fileName: world.fileName(file), place.real(address))
        case .upload(let file, to: let address, let isWrong):
            action = .upload(shared(file), to: place.real(address), isWrong: isWrong)
        case .endUpload(let file, to: let address):
            action = .endUpload(fileName: world.fileName(file), to: place.real(address))
        case .fetch(let file, from: let address, let blockDelay):
            let server = address ?? IPv4Address(bits: 0x7F00_0001)
            let delay = blockDelay.nanoseconds
            action = .fetch(shared(file), from: server, blockDelay: delay)
        case .endDownload: action = .endDownload
        case .spoil(let file, let bytes): action = .spoil(shared(file), bytes: bytes)
        case .verify(let file): action = .verify(shared(file))
        case .write(let file): action = .write(shared(file))
        case .restrain(let reads, let sends): action = .restrain(reads: reads, sends: sends)
        }
        self.phone = phone
        incarnation = order.incarnation
    }
}

/// The network of a process's phones.
public final class PhoneNetwork: Sendable {
    /// Where they are.
    public let place: NetworkPlace
    private let group: MultiThreadedEventLoopGroup
    private let threads: NIOThreadPool
    private let queue: ReportQueue
    private let tap = TrafficTap()
    private let board: NIOLoopBound<PhoneBoard>
    private let loop: any EventLoop

    /// Opens the network; phones appear by tasks.
    ///
    /// Their files go below the folder `store`. `wake` is called on another thread when reports have
    /// come. Throws `NetworkError` when the socket for broadcasts cannot be had.
    public init(
        _ place: NetworkPlace,
        store: String,
        wake: @escaping @Sendable () -> Void
    ) throws(NetworkError) {
        self.place = place
        OpenFiles.raiseLimit()
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        threads = NIOThreadPool(numberOfThreads: 2)
        threads.start()
        queue = ReportQueue(wake: wake)
        loop = group.next()
        let (loop, threads, queue, tap) = (loop, threads, queue, tap)
        do {
            board = try loop.submit {
                let board = PhoneBoard(
                    place,
                    store: store,
                    loop: loop,
                    threads: threads,
                    queue: queue,
                    tap: tap
                )
                return NIOLoopBound(board, eventLoop: loop)
            }.wait()
            let bound = board
            try loop.flatSubmit { bound.value.open() }.wait()
        } catch {
            throw .cannotBind("\(place.broadcast):\(place.port)", reason: "\(error)")
        }
    }

    /// Has tasks carried out, in their order.
    public func perform(_ tasks: [PhoneNetworkTask]) {
        guard !tasks.isEmpty else { return }
        let board = board
        loop.execute { for task in tasks { board.value.perform(task) } }
    }

    /// Tells which files peers may send.
    public func share(_ files: [SharedFile]) {
        let board = board
        loop.execute { for file in files { board.value.files[file.name] = file } }
    }

    /// Takes what has come.
    public func takeReports() -> [PhoneNetworkReport] { queue.takeAll() }

    /// Begins to note what the phones' sockets say and hear, or ends that.
    public func watchTraffic(_ isOn: Bool) { tap.turn(isOn) }

    /// Takes what was seen since the last time, and how much found no room.
    public func takeTraffic() -> (seen: [SeenTraffic], lost: Int) { tap.take() }

    /// Waits until something has come, at most so long.
    public func wait(microseconds: Int) { queue.wait(microseconds: microseconds) }

    /// Reports that were dropped because nobody took them in time.
    public var droppedCount: Int { queue.droppedCount }

    /// Closes everything and waits until it is closed.
    public func close() {
        let board = board
        _ = try? loop.submit { board.value.close() }.wait()
        try? group.syncShutdownGracefully()
        try? threads.syncShutdownGracefully()
    }
}

/// The clock that reports are stamped with.
public enum RealClock {
    /// Nanoseconds since the machine was started; never goes backwards.
    public static var nanoseconds: Int64 { NetworkClock.nanoseconds }
}

/// How many sockets the process may have open: a hundred phones need more than the usual 1,024.
private enum OpenFiles {
    /// Raises the limit to what the system allows the process.
    static func raiseLimit() {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(kind, &limit)
    }
}
