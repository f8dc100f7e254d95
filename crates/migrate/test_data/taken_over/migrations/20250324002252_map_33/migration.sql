/*
  Warnings:

  - You are about to drop the `Thing4` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing4" DROP CONSTRAINT "Thing4_ownerId_fkey";

-- DropTable
DROP TABLE "Thing4";

-- CreateTable
CREATE TABLE "things_4" (
    "id" UUID NOT NULL,
    "b" INTEGER[] DEFAULT ARRAY[1, 2]::INTEGER[],
    "c" BYTEA,
    "ownerId" TEXT,
    "d" BIGINT,

    CONSTRAINT "things_4_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_4_ownerId_b_idx" ON "things_4"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_4" ADD CONSTRAINT "things_4_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
