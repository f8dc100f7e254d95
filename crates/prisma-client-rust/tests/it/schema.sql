-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "status_kind" AS ENUM ('draft', 'in_progress', 'finished');

-- CreateTable
CREATE TABLE "people" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "nickname" TEXT,
    "age" INTEGER NOT NULL DEFAULT 18,
    "leaderId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "people_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Profile" (
    "id" SERIAL NOT NULL,
    "bio" TEXT NOT NULL,
    "userId" TEXT NOT NULL,

    CONSTRAINT "Profile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Post" (
    "id" SERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "status" "status_kind" NOT NULL DEFAULT 'draft',
    "views" INTEGER NOT NULL DEFAULT 0,
    "rating" DOUBLE PRECISION,
    "price" DECIMAL(10,2),
    "authorId" TEXT NOT NULL,

    CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Tag" (
    "name" TEXT NOT NULL,

    CONSTRAINT "Tag_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Comment" (
    "postId" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "Comment_pkey" PRIMARY KEY ("postId","number")
);

-- CreateTable
CREATE TABLE "Like" (
    "id" BIGSERIAL NOT NULL,
    "postId" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "who" TEXT NOT NULL,

    CONSTRAINT "Like_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Every" (
    "id" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "int" INTEGER NOT NULL,
    "big" BIGINT NOT NULL,
    "float" DOUBLE PRECISION NOT NULL,
    "decimal" DECIMAL(65,30) NOT NULL,
    "flag" BOOLEAN NOT NULL,
    "moment" TIMESTAMP(3) NOT NULL,
    "json" JSONB NOT NULL,
    "bytes" BYTEA NOT NULL,
    "status" "status_kind" NOT NULL,
    "textO" TEXT,
    "intO" INTEGER,
    "bigO" BIGINT,
    "floatO" DOUBLE PRECISION,
    "decimalO" DECIMAL(65,30),
    "flagO" BOOLEAN,
    "momentO" TIMESTAMP(3),
    "jsonO" JSONB,
    "bytesO" BYTEA,
    "statusO" "status_kind",
    "texts" TEXT[],
    "ints" INTEGER[],
    "bigs" BIGINT[],
    "floats" DOUBLE PRECISION[],
    "decimals" DECIMAL(65,30)[],
    "flags" BOOLEAN[],
    "moments" TIMESTAMP(3)[],
    "jsons" JSONB[],
    "blobs" BYTEA[],
    "statuses" "status_kind"[],

    CONSTRAINT "Every_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Native" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "other" UUID,
    "seven" UUID NOT NULL,
    "varchar" VARCHAR(5),
    "char" CHAR(4),
    "inet" INET,
    "xml" XML,
    "bit" BIT(3),
    "small" SMALLINT,
    "oid" OID,
    "real" REAL,
    "money" MONEY,
    "stamp" TIMESTAMP(6),
    "zoned" TIMESTAMPTZ(0),
    "day" DATE,
    "time" TIME(6),
    "plain" JSON,
    "uuids" UUID[],
    "searched" tsvector,

    CONSTRAINT "Native_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Ids" (
    "cuid" TEXT NOT NULL,
    "cuid2" TEXT NOT NULL,
    "ulid" TEXT NOT NULL,
    "nanoid" TEXT NOT NULL,
    "nanoid8" TEXT NOT NULL,
    "uuid" TEXT NOT NULL,

    CONSTRAINT "Ids_pkey" PRIMARY KEY ("cuid")
);

-- CreateTable
CREATE TABLE "type" (
    "self" INTEGER NOT NULL,
    "match" TEXT NOT NULL,
    "create" TEXT,
    "model" TEXT,
    "runtime" TEXT,
    "line2" TEXT,
    "edge_" TEXT,
    "bool" BOOLEAN NOT NULL DEFAULT true,
    "u8" BYTEA,

    CONSTRAINT "type_pkey" PRIMARY KEY ("self")
);

-- CreateTable
CREATE TABLE "_Reviews" (
    "A" INTEGER NOT NULL,
    "B" TEXT NOT NULL,

    CONSTRAINT "_Reviews_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "_PostToTag" (
    "A" INTEGER NOT NULL,
    "B" TEXT NOT NULL,

    CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateTable
CREATE TABLE "Fallback" (
    "id" SERIAL NOT NULL,
    "note" TEXT DEFAULT 'none',
    "many" INTEGER[] DEFAULT ARRAY[1, 2]::INTEGER[],
    "other" TEXT,

    CONSTRAINT "Fallback_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "people_email_key" ON "people"("email");

-- CreateIndex
CREATE UNIQUE INDEX "people_nickname_key" ON "people"("nickname");

-- CreateIndex
CREATE UNIQUE INDEX "Profile_userId_key" ON "Profile"("userId");

-- CreateIndex
CREATE INDEX "Post_authorId_idx" ON "Post"("authorId");

-- CreateIndex
CREATE UNIQUE INDEX "Like_postId_number_who_key" ON "Like"("postId", "number", "who");

-- CreateIndex
CREATE UNIQUE INDEX "type_self_match_key" ON "type"("self", "match");

-- CreateIndex
CREATE INDEX "_Reviews_B_index" ON "_Reviews"("B");

-- CreateIndex
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag"("B");

-- AddForeignKey
ALTER TABLE "people" ADD CONSTRAINT "people_leaderId_fkey" FOREIGN KEY ("leaderId") REFERENCES "people"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Profile" ADD CONSTRAINT "Profile_userId_fkey" FOREIGN KEY ("userId") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Comment" ADD CONSTRAINT "Comment_postId_fkey" FOREIGN KEY ("postId") REFERENCES "Post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Like" ADD CONSTRAINT "Like_postId_number_fkey" FOREIGN KEY ("postId", "number") REFERENCES "Comment"("postId", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_Reviews" ADD CONSTRAINT "_Reviews_A_fkey" FOREIGN KEY ("A") REFERENCES "Post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_Reviews" ADD CONSTRAINT "_Reviews_B_fkey" FOREIGN KEY ("B") REFERENCES "people"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_A_fkey" FOREIGN KEY ("A") REFERENCES "Post"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_B_fkey" FOREIGN KEY ("B") REFERENCES "Tag"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "Mod" (
    "id" SERIAL NOT NULL,
    "oneId" INTEGER,

    CONSTRAINT "Mod_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Enumeration" (
    "id" SERIAL NOT NULL,

    CONSTRAINT "Enumeration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FooBar" (
    "id" SERIAL NOT NULL,

    CONSTRAINT "FooBar_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Foo_Bar" (
    "id" SERIAL NOT NULL,

    CONSTRAINT "Foo_Bar_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "Mod" ADD CONSTRAINT "Mod_oneId_fkey" FOREIGN KEY ("oneId") REFERENCES "Foo_Bar"("id") ON DELETE SET NULL ON UPDATE CASCADE;
