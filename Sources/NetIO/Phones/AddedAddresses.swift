// Addresses that phones get on an interface for as long as they are attached. What was added is noted in
// a file before it is added, so that the next start takes away what a crash left behind.

import Glibc
public import PFSRuntime

/// Addresses of this process on an interface.
public final class AddedAddresses {
    private let interface: InterfaceAddress
    private let notePath: String
    private var added: [IPv4Address] = []

    /// Adds those of `addresses` that the machine does not have yet.
    ///
    /// `folder` is where the note is kept. Throws `NetworkError` when the system refuses one; those
    /// before it are taken away again then.
    public init(
        _ addresses: [IPv4Address],
        to interface: InterfaceAddress,
        notesIn folder: String
    ) throws(NetworkError) {
        self.interface = interface
        notePath = "\(folder)/\(interface.interface).\(getpid()).addresses"
        let present = InterfaceTable.addresses().map(\.address)
        let missing = addresses.filter { !present.contains($0) }
        guard !missing.isEmpty else { return }
        let note = missing.map { "\($0)/\(interface.prefixLength)\n" }.joined()
        do throws(FileError) {
            try FileStore.write(Array(note.utf8), to: notePath)
        } catch {
            throw .file(error)
        }
        for address in missing {
            let number = RouteSocket.change(.add, address, on: interface)
            guard number == 0 || number == EEXIST else {
                remove()
                throw .cannotBind(
                    "\(address) on \(interface.interface)",
                    reason: number == EPERM
                        ? "not permitted; add it with `ip address add` as root"
                        : String(cString: strerror(number))
                )
            }
            added.append(address)
        }
    }

    /// Takes away what was added.
    public func remove() {
        for address in added { _ = RouteSocket.change(.remove, address, on: interface) }
        added = []
        unlink(notePath)
    }

    deinit { remove() }

    /// Takes away what processes that are gone have left on interfaces; answers how many addresses.
    public static func repair(notesIn folder: String) -> Int {
        guard let entries = try? FileStore.list(folder) else { return 0 }
        var count = 0
        for name in entries.map(\.name) where name.hasSuffix(".addresses") {
            let parts = name.split(separator: ".")
            guard parts.count >= 3, let process = Int32(parts[parts.count - 2]),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            let path = "\(folder)/\(name)"
            let interface = parts.dropLast(2).joined(separator: ".")
            if let bytes = try? FileStore.read(path, limitBytes: noteByteLimit) {
                count += remove(String(decoding: bytes, as: UTF8.self), from: interface)
            }
            unlink(path)
        }
        return count
    }

    /// A note of as many addresses as there can be phones in a /20.
    private static let noteByteLimit = 1 << 17

    private static func remove(_ note: String, from interface: String) -> Int {
        var count = 0
        for found in InterfaceTable.addresses()
        where found.interface == interface
            && note.split(separator: "\n").contains("\(found.address)/\(found.prefixLength)")
        {
            if RouteSocket.change(.remove, found.address, on: found) == 0 { count += 1 }
        }
        return count
    }
}

/// Asking the system to change an address of an interface (rtnetlink, RFC 3549).
private enum RouteSocket {
    enum Change {
        case add, remove
    }

    /// Numbers of linux/rtnetlink.h, linux/netlink.h and linux/if_addr.h.
    private static let (newAddress, deleteAddress): (UInt16, UInt16) = (20, 21)
    private static let (request, acknowledge, create, exclusive): (UInt16, UInt16, UInt16, UInt16) =
        (1, 4, 0x400, 0x200)
    private static let (localAttribute, addressAttribute): (UInt16, UInt16) = (2, 1)
    private static let errorType: UInt16 = 2

    /// Adds or removes an address; answers 0 or the system's error number.
    static func change(_ change: Change, _ address: IPv4Address, on interface: InterfaceAddress)
        -> Int32
    {
        let descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        let type = change == .add ? newAddress : deleteAddress
        let flags = request | acknowledge | (change == .add ? create | exclusive : 0)
        append(UInt32(0), to: &bytes)
        append(type, to: &bytes)
        append(flags, to: &bytes)
        append(UInt32(1), to: &bytes)
        append(UInt32(0), to: &bytes)
        bytes += [UInt8(AF_INET), UInt8(interface.prefixLength), 0, 0]
        append(UInt32(interface.index), to: &bytes)
        for attribute in [localAttribute, addressAttribute] {
            append(UInt16(8), to: &bytes)
            append(attribute, to: &bytes)
            append(address.bits.bigEndian, to: &bytes)
        }
        withUnsafeBytes(of: UInt32(bytes.count)) { bytes.replaceSubrange(0..<4, with: $0) }
        guard send(descriptor, bytes, bytes.count, 0) == bytes.count else { return errno }
        var answer = [UInt8](repeating: 0, count: 1_024)
        let count = recv(descriptor, &answer, answer.count, 0)
        guard count >= 20 else { return count < 0 ? errno : EIO }
        return answer.withUnsafeBytes { bytes in
            guard bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self) == errorType else {
                return EIO
            }
            return -bytes.loadUnaligned(fromByteOffset: 16, as: Int32.self)
        }
    }

    private static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8])
    {
        withUnsafeBytes(of: number) { bytes += $0 }
    }
}
