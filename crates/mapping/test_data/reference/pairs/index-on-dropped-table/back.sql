-- AlterTable
ALTER TABLE "public"."B" ADD COLUMN     "b" INTEGER NOT NULL;

-- CreateTable
CREATE TABLE "public"."A" (
    "id" INTEGER NOT NULL,
    "a" TEXT NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "A_a_key" ON "public"."A"("a" ASC);

-- CreateIndex
CREATE INDEX "A_id_a_idx" ON "public"."A"("id" ASC, "a" ASC);

-- CreateIndex
CREATE UNIQUE INDEX "B_b_key" ON "public"."B"("b" ASC);
