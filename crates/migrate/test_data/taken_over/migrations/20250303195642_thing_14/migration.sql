-- CreateTable
CREATE TABLE "Thing2" (
    "id" TEXT NOT NULL,
    "a" JSONB,

    CONSTRAINT "Thing2_pkey" PRIMARY KEY ("id")
);
