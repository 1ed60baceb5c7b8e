-- Dissects what pfsh's phones say to each other on UDP and TCP port 4051 (docs/protocol.md, The bytes).
-- The format is pfsh's own: that of real phones is not public, and their packets are left alone, as are
-- all that do not begin with pfsh's eight bytes.
--
-- usage: wireshark -X lua_script:tools/wireshark/cppdp.lua FILE.pcapng
--        tshark -X lua_script:tools/wireshark/cppdp.lua -r FILE.pcapng -Y cppdp

local cppdp = Proto("cppdp", "Cisco Peer to Peer Distribution Protocol, as pfsh speaks it")

local magic = "89706673680d0a1a"
local header_bytes = 12

local kinds = {
    [1] = "Claim", [2] = "Confirmed", [3] = "Offer", [4] = "Failed",
    [16] = "Join", [17] = "Accept", [18] = "Refuse", [19] = "Hold", [20] = "Rootless",
    [21] = "Dissolve", [22] = "Complete", [23] = "Bye", [24] = "File", [25] = "Piece",
}

local reasons = {
    [1] = "server error", [2] = "file not found", [3] = "phone error", [4] = "congestion",
    [13] = "response time", [14] = "not intact", [19] = "timed out", [20] = "cancelled",
}

local f = {
    magic = ProtoField.bytes("cppdp.magic", "Magic"),
    version = ProtoField.uint8("cppdp.version", "Version"),
    kind = ProtoField.uint8("cppdp.kind", "Kind", base.DEC, kinds),
    length = ProtoField.uint16("cppdp.length", "Length"),
    model = ProtoField.string("cppdp.model", "Model"),
    file = ProtoField.string("cppdp.file", "File"),
    xid = ProtoField.uint32("cppdp.xid", "Transaction", base.HEX),
    strength = ProtoField.uint32("cppdp.strength", "Strength", base.HEX),
    advertisement = ProtoField.uint8("cppdp.advertisement", "Advertisement"),
    fetching = ProtoField.bool("cppdp.fetching", "Fetch begun"),
    reason = ProtoField.uint8("cppdp.reason", "Reason", base.DEC, reasons),
    root = ProtoField.ipv4("cppdp.root", "Root"),
    depth = ProtoField.uint8("cppdp.depth", "Depth"),
    redirect = ProtoField.ipv4("cppdp.redirect", "Try instead"),
    size = ProtoField.uint64("cppdp.size", "Size of the file"),
    count = ProtoField.uint32("cppdp.count", "Bytes of the file that follow"),
    data = ProtoField.bytes("cppdp.data", "Bytes of the file"),
}
cppdp.fields = {
    f.magic, f.version, f.kind, f.length, f.model, f.file, f.xid, f.strength, f.advertisement,
    f.fetching, f.reason, f.root, f.depth, f.redirect, f.size, f.count, f.data,
}

local bad = ProtoExpert.new("cppdp.bad", "Not a message", expert.group.MALFORMED, expert.severity.ERROR)
cppdp.experts = { bad }

local function is_ours(buffer, offset)
    return buffer:len() >= offset + 8 and buffer:bytes(offset, 8):tohex(true) == magic
end

-- A text behind its length, at `at`; answers where it ends, or nil where it does not fit.
local function text(buffer, tree, field, at)
    if buffer:len() < at + 1 then return nil end
    local count = buffer(at, 1):uint()
    if buffer:len() < at + 1 + count or count == 0 then return nil end
    tree:add(field, buffer(at + 1, count))
    return at + 1 + count
end

-- What stands behind the names, by kind: a number of bytes, and what they are.
local fields = {}
local function claim(buffer, tree, at)
    tree:add(f.xid, buffer(at, 4))
    tree:add(f.strength, buffer(at + 4, 4))
end
fields[1] = { 9, function(b, t, at) claim(b, t, at); t:add(f.advertisement, b(at + 8, 1)) end }
fields[2] = { 9, function(b, t, at) claim(b, t, at); t:add(f.fetching, b(at + 8, 1)) end }
fields[3] = { 4, function(b, t, at) t:add(f.xid, b(at, 4)) end }
fields[4] = { 1, function(b, t, at) t:add(f.reason, b(at, 1)) end }
fields[16] = fields[3]
fields[17] = { 9, function(b, t, at)
    t:add(f.xid, b(at, 4)); t:add(f.root, b(at + 4, 4)); t:add(f.depth, b(at + 8, 1))
end }
fields[18] = { 4, function(b, t, at) t:add(f.redirect, b(at, 4)) end }
fields[19] = fields[17]
for kind = 20, 23 do fields[kind] = { 0, function() end } end
fields[24] = { 8, function(b, t, at) t:add(f.size, b(at, 8)) end }

local function dissect_one(buffer, pinfo, root)
    pinfo.cols.protocol = "CPPDP"
    local tree = root:add(cppdp, buffer())
    local kind = buffer(9, 1):uint()
    local length = buffer(10, 2):uint()
    tree:add(f.magic, buffer(0, 8))
    tree:add(f.version, buffer(8, 1))
    tree:add(f.kind, buffer(9, 1))
    tree:add(f.length, buffer(10, 2))
    tree:append_text(": " .. (kinds[kind] or "unknown"))
    pinfo.cols.info:append((kinds[kind] or "unknown") .. " ")
    if kind == 25 then
        if length ~= 16 or buffer:len() < 16 then
            tree:add_proto_expert_info(bad)
            return buffer:len()
        end
        tree:add(f.count, buffer(12, 4))
        if buffer:len() > 16 then tree:add(f.data, buffer(16)) end
        return buffer:len()
    end
    local at = text(buffer, tree, f.model, header_bytes)
    if at then at = text(buffer, tree, f.file, at) end
    local known = fields[kind]
    if not at or not known or at + known[1] ~= length or buffer:len() ~= length then
        tree:add_proto_expert_info(bad)
        return buffer:len()
    end
    known[2](buffer, tree, at)
    return buffer:len()
end

-- The whole length of the frame that begins at `offset`: of a piece with the bytes of the file.
local function frame_length(buffer, _, offset)
    if not is_ours(buffer, offset) then return buffer:len() - offset end
    if buffer(offset + 9, 1):uint() == 25 then
        return buffer(offset + 10, 2):uint() + buffer(offset + 12, 4):uint()
    end
    return math.max(buffer(offset + 10, 2):uint(), 16)
end

local function dissect_frame(buffer, pinfo, root)
    if not is_ours(buffer, 0) then return 0 end
    return dissect_one(buffer, pinfo, root)
end

function cppdp.dissector(buffer, pinfo, root)
    if pinfo.port_type == 2 then
        -- Sixteen bytes tell how long each frame is: no frame is shorter.
        pinfo.cols.info:clear()
        dissect_tcp_pdus(buffer, root, 16, frame_length, dissect_frame)
        return buffer:len()
    end
    if not is_ours(buffer, 0) or buffer:len() < 16 then return 0 end
    pinfo.cols.info:clear()
    return dissect_one(buffer, pinfo, root)
end

DissectorTable.get("udp.port"):add(4051, cppdp)
DissectorTable.get("tcp.port"):add(4051, cppdp)
