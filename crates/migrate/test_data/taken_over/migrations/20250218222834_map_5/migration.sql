/*
  Warnings:

  - You are about to drop the `Thing0` table. If the table is not empty, all the data it contains will be lost.

*/
-- DropForeignKey
ALTER TABLE "Thing0" DROP CONSTRAINT "Thing0_ownerId_fkey";

-- DropTable
DROP TABLE "Thing0";

-- CreateTable
CREATE TABLE "things_0" (
    "id" UUID NOT NULL,
    "b" DOUBLE PRECISION NOT NULL DEFAULT 1.5,
    "c" TEXT[],
    "ownerId" TEXT,
    "d" BIGINT,

    CONSTRAINT "things_0_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "things_0_ownerId_b_idx" ON "things_0"("ownerId", "b");

-- AddForeignKey
ALTER TABLE "things_0" ADD CONSTRAINT "things_0_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
